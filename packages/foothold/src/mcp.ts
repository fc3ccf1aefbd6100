/** Studies as tools of an agent (Model Context Protocol). */
export * from '@foothold/mcp';
