/** The scheme of texts with edits made, which exist in diff editors alone. */
export const EDITED = 'convlens-edited'
