import { ProtocolError } from '../../errors';

/** Throws BAD_MESSAGE where `answer` names another image. */
export function about<T extends { readonly name?: string | undefined }>(name: string, answer: T): T {
  if (answer.name === undefined || answer.name === name) return answer;
  throw new ProtocolError('BAD_MESSAGE', 'The server answered for another image.', { image: name });
}
