// A disk of its own for a data directory, whose power can be cut: an ext4 in a file, on a loop device. The
// cut (EXT4_IOC_SHUTDOWN, by xfs_io) drops whatever was not synced, and every later call of the disk fails.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// The index is allocated ahead, and the service wants a reserve beside it. The file is sparse.
const imageBytes = 320 << 20;

const run = (command, ...args) => execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

export class Disk {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pledger-disk-'));
    this.image = path.join(this.folder, 'image');
    this.mount = path.join(this.folder, 'mount');
    fs.mkdirSync(this.mount);
    fs.closeSync(fs.openSync(this.image, 'w'));
    fs.truncateSync(this.image, imageBytes);
    run('mkfs.ext4', '-q', '-F', this.image);
    this.plugIn();
  }

  // Why there can be no such disk here, or null.
  static missing() {
    if (process.getuid() !== 0) return 'only root may mount a disk';
    for (const tool of ['mkfs.ext4', 'xfs_io', 'eatmydata', 'mount', 'umount'])
      if (spawnSync(tool, ['-V']).error) return `${tool} is not installed`;
    let disk;
    try {
      disk = new Disk();
      disk.cut();
      disk.again();
    } catch (error) {
      return `no loop device with an ext4 can be had and cut off: ${String(error.stderr || error.message).trim().split('\n')[0]}`;
    } finally {
      disk?.remove();
    }
    return null;
  }

  plugIn() {
    run('mount', '-o', 'loop', this.image, this.mount);
    this.plugged = true;
  }

  cut() {
    run('xfs_io', '-x', '-c', 'shutdown', this.mount);
  }

  // After a cut, once nobody has a file open: the disk as it is found when power is back.
  again() {
    this.unplug();
    this.plugIn();
  }

  unplug() {
    if (this.plugged) run('umount', this.mount);
    this.plugged = false;
  }

  remove() {
    this.unplug();
    fs.rmSync(this.folder, { recursive: true });
  }

  /* ---- what the kernel may do at any time ---- */

  // Write some bytes of a file back, and commit the file system's own journal: nothing else is synced.
  writeBack(file, offset, length) {
    run('xfs_io', '-c', `sync_range -w ${offset} ${length}`, file);
    run('xfs_io', '-f', '-c', 'fsync', path.join(this.mount, 'another-file'));
  }
}
