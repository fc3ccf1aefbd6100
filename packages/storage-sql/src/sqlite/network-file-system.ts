/** `f_type` of statfs(2) on Linux. */
const networkFileSystems: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  16914839: '9P',
  1397113167: 'AFS',
  1799439955: 'AFS',
  1937076805: 'Coda',
  12805120: 'Ceph',
  198183888: 'Lustre',
  1196443219: 'GPFS',
  19993000: 'IBRIX',
  1952539503: 'OCFS2',
};

/** The name of a network file system by its number on Linux; undefined for all others. */
export function networkFileSystem(type: number): string | undefined {
  return networkFileSystems[type >>> 0];
}
