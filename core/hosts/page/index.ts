// The window's page as both hosts serve it: the same files, the same policy.
export { SECURITY_HEADERS, contentSecurityPolicy } from './content-security-policy.ts'
export { PAGE_TYPE, readPageFiles, type PageFiles } from './page-files.ts'
