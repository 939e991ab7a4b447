/**
 * The innermost installed package that a file lies in: its name and its folder. Null for a file of the program's own.
 * Nothing is read: the path says it.
 */
export function packageFolder(file: string): { readonly name: string; readonly folder: string } | null {
  const match = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/.exec(file);
  return match ? { name: match[2]!.replaceAll('\\', '/'), folder: match[1]! } : null;
}
