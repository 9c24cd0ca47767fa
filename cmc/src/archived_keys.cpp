#include <cmcctl/cmc/archived_keys.hpp>

#include "part_index.hpp"

namespace cmcctl {
namespace {

class Opener {
 public:
  Opener(Decoder& decoder, PrivateKey& key, Octets certificate, const Limits& limits)
      : decoder_(decoder), key_(key), certificate_(certificate), limits_(limits) {}

  void layer(const Layer& layer) {
    for (const RequestPart& part : request_parts(decoder_, layer)) {
      if (!part.pki_archive_options) continue;
      const Octets subject = part.subject ? part.subject->der : Octets();
      opened_.push_back({part.path, {subject.begin(), subject.end()}, archived(part)});
    }
    for (const Layer& nested : layer.nested) this->layer(nested);
  }

  std::vector<RequestArchive> opened() { return std::move(opened_); }

 private:
  Result<ArchivedKey> archived(const RequestPart& part) {
    CMC_TRY(const auto options, decoder_.decode<PKIArchiveOptions>(*part.pki_archive_options));
    CMC_TRY(ArchivedKey archived, open_archive_options(decoder_, options, key_, certificate_, limits_));
    CMC_TRY(const auto loaded, private_key_from_pkcs8(archived.pkcs8, limits_));
    if (subject_public_key(decoder_, part) == loaded->public_key().subject_public_key()) return archived;
    return Error{Errc::bad_key, 0, part.path, {}, "the archived private key is not that of the request"};
  }

  Decoder& decoder_;
  PrivateKey& key_;
  Octets certificate_;
  const Limits& limits_;
  std::vector<RequestArchive> opened_;
};

}  // namespace

std::vector<RequestArchive> open_archived_keys(Decoder& decoder, const Message& message, PrivateKey& key,
                                               Octets certificate, const Limits& limits) {
  Opener opener(decoder, key, certificate, limits);
  opener.layer(message.layer);
  return opener.opened();
}

}  // namespace cmcctl
