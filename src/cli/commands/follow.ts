import { connect, type FollowRound, type Retry, type SyncResult, type SyncSummary } from '../../index';
import { EXIT, type ExitCode } from '../results/exit-code';
import { exitCodeOf, explainOnWhat } from '../results/explain';
import { FollowPrinter } from '../results/follow-printer';
import { Suggestions } from '../results/suggestions';
import { connectOptions } from '../settings/client-options';
import type { SyncSettings } from '../settings/options';
import { INTERRUPTED, showProgress } from './batch';
import type { Invocation } from './invocation';

/** Does `sync --follow`: it ends only with an error, or when it is told to. */
export async function follow(invocation: Invocation<SyncSettings>): Promise<ExitCode> {
  const { settings, terminal, signal, asides } = invocation;
  const { dir, include, exclude, delete: deletes, force, durable } = settings;
  const { onRetry, ...options } = connectOptions(invocation);
  const printer = new FollowPrinter(terminal, settings);
  const client = connect({
    ...options,
    onRetry: (retry: Retry) => printer.isAway(retry.error) || onRetry?.(retry),
  });
  const round = async (sync: FollowRound): Promise<SyncSummary> => {
    printer.begin();
    const suggestions = new Suggestions<SyncResult>(client, (result) => printer.add(result));
    const onResult = suggestions.add.bind(suggestions);
    const summary = await showProgress(invocation, (progress) =>
      sync({ onResult, progress }).finally(() => suggestions.settled()),
    );
    printer.end(summary, client.address);
    return summary;
  };
  try {
    return await client.follow(dir, {
      ...{ include, exclude, delete: deletes, force, durable, round },
      onTrouble: (error) => printer.isAway(error) || printer.trouble(error),
      onRefusal: (error) => printer.trouble(error),
      onPolling: () =>
        asides.add(`${client.address} does not tell of changes: it is asked every 30 seconds.`),
    });
  } catch (error) {
    if (signal.aborted) terminal.say(INTERRUPTED);
    else terminal.fail(`reso: ${explainOnWhat(error)}`);
    return signal.aborted ? EXIT.interrupted : exitCodeOf(error);
  } finally {
    client.close();
  }
}
