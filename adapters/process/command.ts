/** A child process to be: an argument array, never a shell line, and the whole of its environment. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it starts the real program elsewhere and writes that one's pid, as JSON, to descriptor 3. */
  readonly announcesPid?: true;
}
