/** What a service project has besides its project: the portal at which customers ask. */
export interface ServiceDesk {
  readonly id: string;
  readonly projectId: string;
  readonly portalId: string;
}

/** What customers can ask for at a service desk. */
export interface RequestType {
  readonly id: string;
  readonly serviceDeskId: string;
  readonly name: string;
  readonly description: string;
  readonly helpText: string;
  readonly issueTypeId: string;
}
