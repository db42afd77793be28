// Which host names are on the public internet: not this machine, and not the network at home. Looks nothing up.

/** Ends of names that mean this machine or the network at home. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|test|invalid|example|home\.arpa)$/;
const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

/** Whether a host is a name, and not one of this machine or the network at home. @param host in lower case */
export function isPublicHost(host: string): boolean {
  return HOST.test(host) && !LOCAL_NAME.test(host);
}
