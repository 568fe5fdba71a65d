/** Whole answers that begin like this. Never rejects. */
export type Completer = (beginning: string) => Promise<readonly string[]>;

/** Where answers come from. */
export interface Answers {
  /** A person types them. */
  readonly isTerminal: boolean;
  /** Shows `prompt`, and gives the answer without the end of its line; undefined at the end. */
  answer(prompt: string, complete?: Completer): Promise<string | undefined>;
  /** Lets the process end although the input goes on. */
  close(): void;
}
