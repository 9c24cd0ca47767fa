#include "publication.hpp"

#include <map>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/kept.hpp>

#include "trust.hpp"

namespace cmcctl::cli {
namespace {

constexpr std::int64_t dont_publish = 0;
constexpr std::int64_t please_publish = 1;

// RFC 4211 section 6.3: pubMethod.
const std::map<std::string, std::int64_t, std::less<>> methods{{"x500", 1}, {"web", 2}, {"ldap", 3}};

OrExit<Publication::Hashes> hashes_of(const std::vector<std::string>& files, const Maker& maker,
                                      const ReadOptions& reading) {
  Publication::Hashes hashes;
  for (const std::string& file : files) {
    ExitCode code = ExitCode::ok;
    const auto bag = read_bag(file, maker.command(), maker.io(), reading, code);
    if (!bag) return code;
    if (bag->certificates.empty()) {
      return maker.fail(ExitCode::undecodable, escape(file) + ": no certificate in it");
    }
    hashes.push_back(digest(Hash::sha256, bag->certificates.front()));
  }
  return hashes;
}

Result<SinglePubInfo> place_of(Decoder& decoder, Kept& kept, std::string_view text) {
  SinglePubInfo info;
  const std::size_t sign = text.find('=');
  const auto method = methods.find(text.substr(0, sign));
  if (method != methods.end()) {
    info.pub_method = method->second;
    if (sign == std::string_view::npos) return info;
    text.remove_prefix(sign + 1);
  }
  CMC_TRY(auto name, parse_general_name(text));
  CMC_TRY(info.pub_location, decoder.decode<GeneralName>(kept.octets(std::move(name))));
  return info;
}

Result<void> add(PkiDataBuilder& data, const Publication::Hashes& hashes, const PKIPublicationInfo& how) {
  if (hashes.empty()) return {};
  const std::vector<Octets> views(hashes.begin(), hashes.end());
  const OwnedAlgorithm sha256(oid_of(Hash::sha256), OwnedAlgorithm::Parameters::absent);
  CMC_CHECK(data.publish_cert({sha256.view(), List<Octets>(views), how}));
  return {};
}

}  // namespace

void add_publication_options(Command command, PublicationOptions& options) {
  const std::string group = "Publication";
  command.add_option("--publish", options.publish, "publishCert: a certificate that is to be published")
      .type_name("CERT")
      .group(group);
  command
      .add_option("--publish-at", options.places,
                  "Where: a general name (uri:https://a/), and web, ldap or x500 before it")
      .type_name("[METHOD=]NAME")
      .group(group);
  command.add_option("--unpublish", options.unpublish, "publishCert: one that is to be published no longer")
      .type_name("CERT")
      .group(group);
}

OrExit<Publication> read_publication(const PublicationOptions& options, const Maker& maker,
                                     const ReadOptions& reading) {
  if (!options.places.empty() && options.publish.empty()) {
    return maker.fail(ExitCode::usage, "--publish-at is for --publish (RFC 10002 section 6.18)");
  }
  auto publish = hashes_of(options.publish, maker, reading);
  if (!publish) return publish.error();
  auto unpublish = hashes_of(options.unpublish, maker, reading);
  if (!unpublish) return unpublish.error();
  return Publication{std::move(*publish), std::move(*unpublish), options.places};
}

Result<void> add_publication(PkiDataBuilder& data, const Publication& publication) {
  Decoder decoder;
  Kept kept;
  std::vector<SinglePubInfo> places;
  for (const std::string& text : publication.places) {
    CMC_TRY(SinglePubInfo place, place_of(decoder, kept, text));
    places.push_back(std::move(place));
  }
  PKIPublicationInfo publish{please_publish, {}};
  if (!places.empty()) publish.pub_infos = List<SinglePubInfo>(std::span<const SinglePubInfo>(places));
  CMC_CHECK(add(data, publication.publish, publish));
  return add(data, publication.unpublish, {dont_publish, {}});
}

}  // namespace cmcctl::cli
