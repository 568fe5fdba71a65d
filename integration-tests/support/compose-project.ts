import type { ContainerInspectInfo } from 'dockerode';
import { engine } from './engine';
import { runCommand, runToSuccess, type CommandEnd, type CommandSetting } from './run-command';

export interface ComposeSetting {
  /** Folder with docker-compose.yml. */
  readonly folder: string;
  readonly name: string;
  /** Where the server is to be reachable on this machine. */
  readonly port: number;
  /** The same for its gallery. */
  readonly httpPort: number;
  /** What a person would write into `.env`. */
  readonly variables?: Record<string, string>;
}

/** `docker compose`, as a person calls it in the repository's folder. */
export class ComposeProject {
  readonly #compose: ComposeSetting;
  readonly #setting: CommandSetting;
  readonly #name: string;

  constructor(setting: ComposeSetting) {
    const { folder, name, port, httpPort, variables } = setting;
    const environment: Record<string, string> = {
      COMPOSE_PROJECT_NAME: name,
      RESO_PORT: String(port),
      RESO_HTTP_PORT: String(httpPort),
      ...variables,
    };
    const base = process.env.RESO_BASE_IMAGE;
    if (base) environment.RESO_BASE_IMAGE = base;
    this.#compose = setting;
    this.#setting = { cwd: folder, environment };
    this.#name = name;
  }

  /** The same project, with other variables. */
  with(variables: Record<string, string>): ComposeProject {
    return new ComposeProject({ ...this.#compose, variables });
  }

  /** `docker compose ARGS…` */
  compose(...args: string[]): Promise<CommandEnd> {
    return runCommand(this.#setting, 'docker', 'compose', ...args);
  }

  /** Containers of this project, those that have ended included. */
  async containers(): Promise<ContainerInspectInfo[]> {
    const docker = await engine();
    const found = await docker.listContainers({ all: true, filters: this.#filters });
    return Promise.all(found.map(({ Id }) => docker.getContainer(Id).inspect()));
  }

  /** Names of the networks and volumes of this project. */
  async networksAndVolumes(): Promise<string[]> {
    const docker = await engine();
    const networks = await docker.listNetworks({ filters: this.#filters });
    const { Volumes } = await docker.listVolumes({ filters: JSON.stringify(this.#filters) });
    return [...networks, ...(Volumes ?? [])].map(({ Name }) => Name);
  }

  /** Removes all of it, and the images that it built. */
  async down(): Promise<void> {
    const args = [
      '--profile',
      'client',
      'down',
      '--volumes',
      '--rmi',
      'local',
      '--remove-orphans',
      '--timeout',
      '2',
    ];
    await runToSuccess(this.#setting, 'docker', 'compose', ...args);
  }

  get #filters(): { label: string[] } {
    return { label: [`com.docker.compose.project=${this.#name}`] };
  }
}
