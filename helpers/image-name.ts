/** `docker.io/library/mongo:7` → `mongo`, `bitnami/mongodb:6` → `bitnami/mongodb`. */
export function repositoryOf(reference: string): string {
  const name = reference.replace(/@.*/, '').replace(/:[^/:]*$/, '');
  return name.replace(/^docker\.io\//, '').replace(/^library\//, '');
}
