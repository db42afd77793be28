// A task that is done for the first call only, also where it calls itself.
export function once<T>(task: (value: T) => void): (value: T) => void {
  let isOpen = true;
  return (value) => {
    if (!isOpen) return;
    isOpen = false;
    task(value);
  };
}
