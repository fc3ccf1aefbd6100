/** `f_type` of statfs(2) on Linux. */
const networkFileSystems: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x01021997: '9P',
  0x5346414f: 'AFS',
  0x6b414653: 'AFS',
  0x73757245: 'Coda',
  0x00c36400: 'Ceph',
  0x0bd00bd0: 'Lustre',
  0x47504653: 'GPFS',
  0x013111a8: 'IBRIX',
  0x7461636f: 'OCFS2',
};

/** The name of a network file system by its number on Linux; undefined for all others. */
export function networkFileSystem(type: number): string | undefined {
  return networkFileSystems[type >>> 0];
}
