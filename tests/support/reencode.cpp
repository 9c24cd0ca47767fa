// reencode VECTORS_DIR OUT_DIR
//
// Decodes every message of the vectors down to its last value, and one made-up value or more of every type of the public
// headers; encodes each again from the typed value, and holds the result against the element it came from. OUT_DIR gets
// the originals and the re-encoded values, and manifest.tsv for tests/peers/run_judge.sh.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reencode_files.hpp"
#include "reencode_walk.hpp"
#include "scan.hpp"

namespace cmcctl::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Each row costs the judges several processes, and the octets are compared here already.
constexpr std::size_t rows_per_type = 12;

class Manifest {
 public:
  explicit Manifest(const std::filesystem::path& folder) : folder_(folder), lines_(folder / "manifest.tsv") {}

  void add(std::string_view type, Octets original, Octets encoded, bool always) {
    if (!seen_.emplace(type, Bytes(encoded.begin(), encoded.end())).second) return;
    if (!always && count_[std::string(type)]++ >= rows_per_type) return;
    const std::string name = std::to_string(++files_) + "-" + std::string(type);
    lines_ << type << '\t' << save(name + ".was.der", original) << '\t' << save(name + ".now.der", encoded) << '\n';
  }

  std::size_t size() const { return files_; }

 private:
  std::string save(const std::string& name, Octets bytes) {
    const auto path = folder_ / name;
    std::ofstream(path, std::ios::binary).write(bytes.chars().data(), static_cast<std::streamsize>(bytes.size()));
    return path.string();
  }

  std::filesystem::path folder_;
  std::ofstream lines_;
  std::set<std::pair<std::string, Bytes>> seen_;
  std::map<std::string, std::size_t> count_;
  std::size_t files_ = 0;
};

/// The element with the tag that its type has alone: an IMPLICIT tag of its place may have hidden that.
Bytes untagged(Octets der, const Bytes& encoded) {
  Bytes bytes(der.begin(), der.end());
  if (!bytes.empty() && !encoded.empty() && !tlv::is_universal(bytes[0])) bytes[0] = encoded[0];
  return bytes;
}

class Check : public WalkVisitor {
 public:
  Check(Decoder& decoder, Manifest& manifest, std::string file)
      : decoder_(decoder), manifest_(manifest), file_(std::move(file)) {}

  void decoded(const AnyType& type, const void* value, Octets der) override {
    types.insert(type.name);
    compare(type, value, der);
  }

  void part(const AnyType& type, const void* value, std::optional<Octets> source) override {
    types.insert(type.name);
    if (source) compare(type, value, *source);
  }

  void refused(std::string_view type, const Error& error) override {
    std::cout << file_ << ": " << type << " refused: " << to_string(error) << '\n';
    ++refusals;
  }

  static inline std::set<std::string_view> types;
  static inline std::size_t identical = 0;
  static inline std::size_t equal = 0;  // other octets, but the same value, and the decoder said why
  static inline std::size_t failed = 0;
  static inline std::size_t refusals = 0;

 private:
  void compare(const AnyType& type, const void* value, Octets der) {
    const auto encoded = type.encode(value);
    if (!encoded) return fail(type, der, to_string(encoded.error()));
    const Bytes original = untagged(der, *encoded);
    // Where an odd form was put right, the judges cannot compare: they see whether it is DER.
    const bool same = original == *encoded;
    manifest_.add(type.rfc_name(), Octets(same ? original : *encoded), Octets(*encoded),
                  der.data() == decoder_.message().data());
    if (same) {
      ++identical;
      return;
    }
    if (!odd(der)) return fail(type, der, "other octets, although nothing odd was reported");
    Decoder again;
    const auto second = type.make();
    Reader reader(again);
    again.reset(Octets(*encoded));
    if (scan_der(Octets(*encoded), Limits{}).outcome != Scan::Outcome::der ||
        !type.codec().decode(reader, tlv::first(Octets(*encoded)), false, second.get())) {
      return fail(type, der, "the re-encoded octets do not decode");
    }
    const auto stable = type.encode(second.get());
    if (stable.ok() && *stable == *encoded) {
      ++equal;
    } else {
      fail(type, der, "not stable: decoding and encoding once more gives other octets");
    }
  }

  /// Whether something other than BER was reported inside these octets.
  bool odd(Octets der) const {
    const std::size_t begin = decoder_.offset_of(der);
    const std::size_t end = begin + decoder_.original(der).size();
    return std::ranges::any_of(decoder_.oddities(), [&](const Oddity& oddity) {
      return oddity.offset >= begin && oddity.offset < end && !oddity.text.starts_with("BER, not DER");
    });
  }

  void fail(const AnyType& type, Octets der, const std::string& why) {
    ++failed;
    std::cout << "FAILED " << file_ << " byte " << decoder_.offset_of(der) << ", " << type.name << ": " << why << '\n';
  }

  Decoder& decoder_;
  Manifest& manifest_;
  std::string file_;
};

void run_vector(const Vector& vector, Manifest& manifest) {
  Decoder decoder;
  Check check(decoder, manifest, vector.file);
  walk(decoder, check, any_type(type_of(vector)), Octets(vector.bytes));
}

std::size_t samples_failed = 0;
std::size_t samples_passed = 0;

void run_samples(const AnyType& type, Manifest& manifest) {
  for (std::size_t variant = 0; variant < sample_variants; ++variant) {
    const auto fail = [&](const std::string& why) {
      ++samples_failed;
      std::cout << "FAILED sample " << variant << " of " << type.name << ": " << why << '\n';
    };
    const auto encoded = type.sample(variant);
    if (!encoded) {
      fail(to_string(encoded.error()));
      continue;
    }
    if (scan_der(Octets(*encoded), Limits{}).outcome != Scan::Outcome::der) {
      fail("not DER");
      continue;
    }
    Decoder decoder;
    decoder.reset(Octets(*encoded));
    Reader reader(decoder);
    const auto read = type.make();
    if (!type.codec().decode(reader, tlv::first(Octets(*encoded)), false, read.get())) {
      fail(to_string(reader.error()));
      continue;
    }
    const auto again = type.encode(read.get());
    if (!again || *again != *encoded) {
      fail("decoded and encoded once more it has other octets");
      continue;
    }
    ++samples_passed;
    manifest.add(type.rfc_name(), Octets(*encoded), Octets(*again), false);
  }
}

int run(const std::filesystem::path& vectors, const std::filesystem::path& out) {
  std::filesystem::remove_all(out);
  std::filesystem::create_directories(out);
  Manifest manifest(out);
  for (const Vector& vector : read_vectors(vectors)) run_vector(vector, manifest);
  const std::set<std::string_view> in_messages = Check::types;
  for (const AnyType& type : any_types()) run_samples(type, manifest);

  std::cout << "types that stand in no message, made up instead:";
  for (const AnyType& type : any_types()) {
    if (!in_messages.contains(type.name)) std::cout << ' ' << type.name;
  }
  std::cout << '\n' << in_messages.size() << " of " << any_types().size() << " types stand in messages\n"
            << "values of messages: " << Check::identical << " identical, " << Check::equal
            << " the same value in better octets, " << Check::failed << " failed; " << Check::refusals << " refused\n"
            << "made-up values: " << samples_passed << " identical, " << samples_failed << " failed\n"
            << manifest.size() << " rows for the judges\n";
  return Check::failed == 0 && samples_failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace cmcctl::test

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: reencode VECTORS_DIR OUT_DIR\n";
    return 2;
  }
  return cmcctl::test::run(argv[1], argv[2]);
}
