import { GenericContainer, type StartedNetwork } from 'testcontainers';
import { ResoServerContainer, type StartedResoServerContainer } from '../../src/testing';
import { engine } from './engine';
import { imageTag, RUN_LABEL, testRun, type Program } from './test-run';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what TypeScript asks of a class that is mixed in
type Constructor = new (...args: any[]) => GenericContainer;

/** A kind of container with as few rights as docker-compose.yml gives it. */
export function hardened<Base extends Constructor>(base: Base) {
  return class extends base {
    #attached: ((terminal: NodeJS.ReadWriteStream) => void) | undefined;

    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
    constructor(...args: any[]) {
      super(...args);
      this.hostConfig.ReadonlyRootfs = true;
      this.withDroppedCapabilities('ALL').withSecurityOpt('no-new-privileges:true');
      this.withLabels({ [RUN_LABEL]: testRun().id });
    }

    /** No more memory than so many MiB, swap included, and no more processes and threads than so many. */
    withLittle(mebibytes: number, pids: number): this {
      const bytes = mebibytes * 1_048_576;
      Object.assign(this.hostConfig, { Memory: bytes, MemorySwap: bytes, PidsLimit: pids });
      return this;
    }

    /** What waits to be sent waits in the process, as in docker-compose.yml, and hardly any of it in the kernel. */
    withLittleUnsent(): this {
      Object.assign(this.hostConfig, { Sysctls: { 'net.ipv4.tcp_notsent_lowat': '98304' } });
      return this;
    }

    /** What was received and not read yet is at most 256 KiB for each connection; the kernel would let it grow to megabytes. */
    withLittleUnread(): this {
      Object.assign(this.hostConfig, { Sysctls: { 'net.ipv4.tcp_rmem': '4096 131072 262144' } });
      return this;
    }

    /** A volume of the container's own, which goes with it. */
    withAnonymousVolume(target: string): this {
      this.createOpts.Volumes = { [target]: {} };
      return this;
    }

    /** Unlike Testcontainers' own aliases, this does not put the container on the engine's default network as well. */
    withAlias(network: StartedNetwork, alias: string): this {
      const EndpointsConfig = { [network.getName()]: { Aliases: [alias] } };
      this.createOpts.NetworkingConfig = { EndpointsConfig };
      return this.withNetwork(network);
    }

    /**
     * As `docker run -it`. Attached before the container starts: the engine keeps a log of whole lines only, so that
     * whoever comes after a question was written never sees it.
     */
    withTerminal(attached: (terminal: NodeJS.ReadWriteStream) => void): this {
      this.#attached = attached;
      Object.assign(this.createOpts, {
        Tty: true,
        OpenStdin: true,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
      });
      return this;
    }

    protected override containerCreated = async (id: string): Promise<void> => {
      if (!this.#attached) return;
      const streams = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
      this.#attached(await (await engine()).getContainer(id).attach(streams));
    };
  };
}

/** One of our images with as few rights as docker-compose.yml gives it. */
export class HardenedContainer extends hardened(GenericContainer) {
  constructor(program: Program) {
    super(imageTag(program));
  }
}

/** The server that users test with, with as few rights. */
export class HardenedServer extends hardened(ResoServerContainer) {
  constructor() {
    super(imageTag('server'));
  }

  // Of a class that is mixed in, TypeScript sees the method of the base's own base.
  override async start(): Promise<StartedResoServerContainer> {
    return (await super.start()) as StartedResoServerContainer;
  }
}
