#include "archived_keys.hpp"

#include <cmcctl/cmc/archived_keys.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/key_writing.hpp>

#include "cms_shared.hpp"
#include "files.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

class KeyArchive {
 public:
  KeyArchive(const ArchiveOptions& options, const ReadOptions& reading, Io& io)
      : options_(options), reading_(reading), report_(io, "convert"), limits_(limits_of(reading)) {}

  ExitCode load() {
    if (options_.key.key.empty()) {
      return report_.fail(ExitCode::usage, "--extract archive wants the archive's private key: --key SOURCE");
    }
    auto key = load_key(options_.key, report_.io(), report_.command(), limits_);
    if (!key) return key.error();
    key_ = std::move(*key);
    if (options_.certificate.empty()) return ExitCode::ok;
    ExitCode code = ExitCode::ok;
    auto bag = read_bag(options_.certificate, report_.command(), report_.io(), reading_, code);
    if (!bag) return code;
    if (bag->certificates.empty()) {
      return report_.fail(ExitCode::undecodable, escape(options_.certificate) + ": no certificate in it");
    }
    certificate_ = std::move(bag->certificates.front());
    return ExitCode::ok;
  }

  ExitCode read(const std::string& file) {
    const Input input = read_input(file, report_.io(), reading_);
    if (!input.problem.empty()) return report_.fail(ExitCode::io, escape(file) + ": " + input.problem);
    if (input.error) return report_.refuse(file, *input.error);
    for (const InputBlock& block : input.blocks) {
      if (const ExitCode code = open(file, block); code != ExitCode::ok) return code;
    }
    return ExitCode::ok;
  }

  ExitCode write(const ArchivedKeysOutput& output) {
    if (keys_.empty()) return report_.fail(ExitCode::no, "no private key was archived with a request in there");
    if (output.index) {
      if (*output.index >= keys_.size()) {
        return report_.fail(ExitCode::no, "there is no number " + std::to_string(*output.index) +
                                              "; --index counts from 0, and there are " + std::to_string(keys_.size()));
      }
      keys_ = {std::move(keys_[*output.index])};
    }
    if (output.der && keys_.size() > 1) {
      return report_.fail(ExitCode::usage, "there are " + std::to_string(keys_.size()) +
                                               " keys, and only PEM holds several; choose one with --index");
    }
    auto octets = output.der ? Result<SecretOctets>(std::move(keys_.front())) : pem();
    if (!octets) return report_.refuse("the archived key", octets.error());
    if (output.file.empty()) {
      report_.io().out << Octets(*octets).chars();
      return ExitCode::ok;
    }
    const std::string problem = write_new_secret_file(output.file, *octets);
    return problem.empty() ? ExitCode::ok : report_.fail(ExitCode::io, escape(output.file) + ": " + problem);
  }

 private:
  ExitCode open(const std::string& file, const InputBlock& block) {
    Decoder decoder(limits_);
    const auto message = open_message(decoder, Octets(block.bytes));
    if (!message) return report_.refuse(file, message.error());
    for (RequestArchive& archive : open_archived_keys(decoder, *message, *key_, certificate_, limits_)) {
      if (!archive.key) return report_.refuse(file + ": " + archive.path, archive.key.error());
      keys_.push_back(std::move(archive.key->pkcs8));
    }
    return ExitCode::ok;
  }

  Result<SecretOctets> pem() const {
    SecretOctets text;
    for (const SecretOctets& pkcs8 : keys_) {
      CMC_TRY(const auto key, private_key_from_pkcs8(pkcs8, limits_));
      CMC_TRY(const SecretOctets block, private_key_pem(*key, std::nullopt));
      text.insert(text.end(), block.begin(), block.end());
    }
    return text;
  }

  const ArchiveOptions& options_;
  const ReadOptions& reading_;
  CmsReport report_;
  Limits limits_;
  std::unique_ptr<PrivateKey> key_;
  std::vector<std::uint8_t> certificate_;
  std::vector<SecretOctets> keys_;
};

}  // namespace

void add_archive_options(Command command, ArchiveOptions& options) {
  const std::string group = "Archived keys";
  command.add_option("--key", options.key.key, "The archive's private key: a file, nss: or pkcs11: source")
      .type_name("SOURCE")
      .group(group);
  command.add_option("--password", options.key.password, "Its password or PIN").type_name("SOURCE").group(group);
  command.add_option("--cert", options.certificate, "The certificate of that key, where recipients are named by it")
      .type_name("FILE")
      .group(group);
}

ExitCode extract_archived_keys(const ArchiveOptions& options, const std::vector<std::string>& files,
                               const ArchivedKeysOutput& output, const ReadOptions& reading, Io& io) {
  if (output.file.empty() && io.out_is_terminal) {
    return CmsReport(io, "convert")
        .fail(ExitCode::usage, "a private key is not for a terminal; name a new file with -o");
  }
  KeyArchive archive(options, reading, io);
  if (const ExitCode code = archive.load(); code != ExitCode::ok) return code;
  for (const std::string& file : files) {
    if (const ExitCode code = archive.read(file); code != ExitCode::ok) return code;
  }
  return archive.write(output);
}

}  // namespace cmcctl::cli
