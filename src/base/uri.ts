/** The last part of a URI's path, decoded: `resnet.py`. */
export function baseName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1).replace(/[?#].*$/, '')
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
