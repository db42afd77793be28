// What a command of this package is given, so that it reads and writes nothing else.

export interface CommandDeps {
  /** The arguments after the script's name. */
  readonly argv: readonly string[];
  /** The real environment: it wins over .env. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where .env is; relative paths start here. */
  readonly folder: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether the output may be coloured. */
  readonly colour: boolean;
}
