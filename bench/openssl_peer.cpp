#include "openssl_peer.hpp"

#include <openssl/cms.h>
#include <openssl/crypto.h>

namespace cmcctl::bench {

bool openssl_decode(Octets message) {
  const unsigned char* at = message.data();
  CMS_ContentInfo* info = d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(message.size()));
  CMS_ContentInfo_free(info);
  return info != nullptr;
}

const char* openssl_version() { return OpenSSL_version(OPENSSL_VERSION); }

}  // namespace cmcctl::bench
