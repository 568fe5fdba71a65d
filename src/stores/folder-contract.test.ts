import { unlink } from 'node:fs/promises';
import { describeStore } from './fixtures/store-contract';
import { TemporaryFolder } from './fixtures/temporary-folder';
import { openFolder } from './folder-store';

let folder: TemporaryFolder;
beforeEach(async () => (folder = await TemporaryFolder.make()));
afterEach(() => folder.remove());

describeStore(() => ({
  put: (name, bytes) => folder.put(name, bytes),
  remove: (name) => unlink(folder.at(name)),
  open: (options) => openFolder(folder.path, options),
}));
