// What calls give, told by what they are called.

/** Made anew for each call, and never the same. */
export const FRESH =
  /^((crypto\.)?randomUUID|uuid(v\d)?|uuid\.v\d|v4|nanoid|cuid|ulid|ObjectId|Date\.now|performance\.now|Math\.random|process\.hrtime|(crypto\.)?randomBytes)$/;
/** The same text in another form. */
export const SAME_TEXT =
  /^(toString|toLowerCase|toUpperCase|toLocaleLowerCase|trim|trimStart|trimEnd|slice|substring|substr|replace|replaceAll|normalize|valueOf|toJSON|concat|padStart|join|toHexString|toHex|toString58|at|pop|shift|split|call|bind|format|toISOString|toUTCString|toDateString|toLocaleString|toLocaleDateString|getTime|toFixed)$/;
/** The same list, or what is in it, in another form. */
export const SAME_LIST = /^(filter|map|flatMap|flat|sort|toSorted|reverse|toReversed)$/;
/** Texts of any content. */
export const COMPOSED =
  /(^|\.)(JSON\.stringify|stringify|serialize\w*|hash\w*|digest|md5|sha\d*|createHash|stableStringify|toKey|\w*[cC]acheKey|(build|make|get|create|to|compute|generate|compose)\w*Key|toB58String|encode\w*|hexlify|fingerprint)$/;
/** `request.headers.get('x-user')` */
export const READS_BY_NAME = /^(get|header|param|query|cookie)$/;
/** Takes a text apart. */
export const READS_TEXT = /^(exec|match|matchAll|parse|readLine)$/;
/** Makes an id by its name, where it is given nothing to make it of. */
export const MAKES_ID =
  /(^|\.)(uid2?|hat|ksuid|xid|shortid(\.generate)?|uniqid|uniqueId|((random|generate|gen|next|unique|new|make|create)_?(\w*(Id|ID|Uuid|UUID|Token|Nonce)|uid|uuid|id)))$/;
