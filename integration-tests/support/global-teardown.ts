import { rm } from 'node:fs/promises';
import { engine } from './engine';
import { imageTag, RUN_LABEL, testRun } from './test-run';

/** Removes the images, and what a test that was cut off may have left. */
export default async function tearDown(): Promise<void> {
  const run = testRun();
  await removeContainers(run.id);
  await removeVolumes(run.id);
  const docker = await engine();
  for (const program of ['server', 'client'] as const) {
    await docker.getImage(imageTag(program, run)).remove({ force: true });
  }
  for (const folder of [run.checkout, run.built]) await rm(folder, { recursive: true, force: true });
}

async function removeContainers(id: string): Promise<void> {
  const docker = await engine();
  const filters = { label: [`${RUN_LABEL}=${id}`] };
  const left = await docker.listContainers({ all: true, filters });
  const networks = new Set(left.flatMap(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks)));
  networks.delete('bridge');
  for (const { Id, Names } of left) {
    console.warn(`a test left the container ${Names.join(' ')} behind; it is removed`);
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const network of networks) {
    await docker
      .getNetwork(network)
      .remove()
      .catch(() => undefined);
  }
}

async function removeVolumes(id: string): Promise<void> {
  const docker = await engine();
  const { Volumes } = await docker.listVolumes({
    filters: JSON.stringify({ label: [`${RUN_LABEL}=${id}`] }),
  });
  for (const { Name } of Volumes ?? []) {
    console.warn(`a test left the volume ${Name} behind; it is removed`);
    await docker.getVolume(Name).remove({ force: true });
  }
}
