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
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/encoder.hpp>

#include "reencode_files.hpp"
#include "reencode_sample.hpp"
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

template <class T>
Result<Bytes> encode_any(const T& value) {
  Bytes buffer;
  Writer writer(buffer);
  if (!make_codec<T>().encode(writer, &value)) return writer.error();
  return Bytes(writer.written().begin(), writer.written().end());
}

/// The element with the tag that its type has alone: an IMPLICIT tag of its place may have hidden that.
Bytes untagged(Octets der, const Bytes& encoded) {
  Bytes bytes(der.begin(), der.end());
  if (!bytes.empty() && !encoded.empty() && !tlv::is_universal(bytes[0])) bytes[0] = encoded[0];
  return bytes;
}

class Check {
 public:
  Check(Decoder& decoder, Manifest& manifest, std::string file)
      : decoder_(decoder), manifest_(manifest), file_(std::move(file)) {}

  template <class T>
  void decoded(const T& value, Octets der) {
    met<T>();
    compare(value, der);
  }

  template <class T>
  void part(const T& value) {
    met<T>();
    if constexpr (requires { value.source; }) {
      if (!public_name<T>().empty()) compare(value, value.source.bytes);
    }
  }

  void refused(std::string_view type, const Error& error) {
    std::cout << file_ << ": " << type << " refused: " << to_string(error) << '\n';
    ++refusals;
  }

  static inline std::set<std::string_view> types;
  static inline std::size_t identical = 0;
  static inline std::size_t equal = 0;  // other octets, but the same value, and the decoder said why
  static inline std::size_t failed = 0;
  static inline std::size_t refusals = 0;

 private:
  template <class T>
  static void met() {
    if (!public_name<T>().empty()) types.insert(public_name<T>());
  }

  template <class T>
  void compare(const T& value, Octets der) {
    const auto encoded = encode_any(value);
    if (!encoded) return fail<T>(der, to_string(encoded.error()));
    const Bytes original = untagged(der, *encoded);
    // Where an odd form was put right, the judges cannot compare: they see whether it is DER.
    const bool same = original == *encoded;
    manifest_.add(rfc_name<T>(), Octets(same ? original : *encoded), Octets(*encoded),
                  der.data() == decoder_.message().data());
    if (same) {
      ++identical;
      return;
    }
    if (!odd(der)) return fail<T>(der, "other octets, although nothing odd was reported");
    Decoder again;
    T second{};
    Reader reader(again);
    again.reset(Octets(*encoded));
    if (scan_der(Octets(*encoded), Limits{}).outcome != Scan::Outcome::der ||
        !make_codec<T>().decode(reader, tlv::first(Octets(*encoded)), false, &second)) {
      return fail<T>(der, "the re-encoded octets do not decode");
    }
    if (encode_any(second).ok() && *encode_any(second) == *encoded) {
      ++equal;
    } else {
      fail<T>(der, "not stable: decoding and encoding once more gives other octets");
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

  template <class T>
  void fail(Octets der, const std::string& why) {
    ++failed;
    std::cout << "FAILED " << file_ << " byte " << decoder_.offset_of(der) << ", " << public_name<T>() << ": " << why << '\n';
  }

  Decoder& decoder_;
  Manifest& manifest_;
  std::string file_;
};

void run_vector(const Vector& vector, Manifest& manifest) {
  Decoder decoder;
  Check check(decoder, manifest, vector.file);
  Walk walk(decoder, check);
  const Octets bytes(vector.bytes);
  if (vector.kind == "Simple PKI Request") {
    walk.take<CertificationRequest>(bytes);
  } else if (vector.kind == "Certificate") {
    walk.take<Certificate>(bytes);
  } else if (vector.kind == "CertReqMessages") {
    walk.take<CertReqMessages>(bytes);
  } else if (vector.kind == "CertReqMsg") {
    walk.take<CertReqMsg>(bytes);
  } else if (vector.kind == "PKIData") {
    walk.take<PKIData>(bytes);
  } else if (vector.kind == "PKIResponse") {
    walk.take<PKIResponse>(bytes);
  } else {
    walk.take<ContentInfo>(bytes);
  }
}

std::size_t samples_failed = 0;
std::size_t samples_passed = 0;

template <class T>
void run_samples(Manifest& manifest) {
  for (std::size_t variant = 0; variant < Samples::variants; ++variant) {
    Samples samples(variant);
    const T made = samples.make<T>();
    const auto fail = [&](const std::string& why) {
      ++samples_failed;
      std::cout << "FAILED sample " << variant << " of " << public_name<T>() << ": " << why << '\n';
    };
    const auto encoded = encode_any(made);
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
    T read{};
    if (!make_codec<T>().decode(reader, tlv::first(Octets(*encoded)), false, &read)) {
      fail(to_string(reader.error()));
      continue;
    }
    const auto again = encode_any(read);
    if (!again || *again != *encoded) {
      fail("decoded and encoded once more it has other octets");
      continue;
    }
    ++samples_passed;
    manifest.add(rfc_name<T>(), Octets(*encoded), Octets(*again), false);
  }
}

int run(const std::filesystem::path& vectors, const std::filesystem::path& out) {
  std::filesystem::remove_all(out);
  std::filesystem::create_directories(out);
  Manifest manifest(out);
  for (const Vector& vector : read_vectors(vectors)) run_vector(vector, manifest);
  const std::set<std::string_view> in_messages = Check::types;
#define CMCCTL_RUN(Type) run_samples<Type>(manifest);
  CMCCTL_WIRED_TYPES(CMCCTL_RUN)
#undef CMCCTL_RUN

  std::size_t types = 0;
  std::cout << "types that stand in no message, made up instead:";
#define CMCCTL_COUNT(Type) \
  ++types;                 \
  if (!in_messages.contains(#Type)) std::cout << ' ' << #Type;
  CMCCTL_WIRED_TYPES(CMCCTL_COUNT)
#undef CMCCTL_COUNT
  std::cout << '\n' << in_messages.size() << " of " << types << " types stand in messages\n"
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
