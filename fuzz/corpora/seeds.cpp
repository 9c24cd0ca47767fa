// Writes the first inputs of a fuzz target: the messages of tests/vectors, or the parts of them that the target reads, each
// once and in a file of its own.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/der_text.hpp>
#include <cmcctl/codec/input.hpp>
#include <cmcctl/codec/json.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/mutate.hpp>

#include "node.hpp"

namespace {

using namespace cmcctl;

constexpr std::size_t largest_seed = 16'384;  // far below max_len of the targets' options: small seeds run fast

class Seeds {
 public:
  void add(std::string_view seed) {
    if (!seed.empty() && seed.size() <= largest_seed) seeds_.emplace(seed);
  }
  void add(Octets seed) { add(seed.chars()); }

  /// False when a file cannot be written.
  bool write(const std::filesystem::path& folder) const {
    std::size_t number = 0;
    for (const std::string& seed : seeds_) {
      const std::string name = "seed-" + std::to_string(++number);
      std::ofstream out(folder / name, std::ios::binary);
      out << seed;
      if (!out.flush()) return false;
    }
    return true;
  }
  bool empty() const { return seeds_.empty(); }

 private:
  std::set<std::string> seeds_;
};

/// One file of the vectors, or one message out of it.
struct Source {
  std::string_view file;  // empty for the second message and those behind it
  Octets message;
};

using Use = std::function<void(const Node&)>;

void walk(Decoder& decoder, const Node& node, const Use& use) {
  use(node);
  for_each_child(node, decoder, [&](const Node& child) { walk(decoder, child, use); });
}

/// Every element of a message and of the messages in it, with its type.
void for_each_node(Octets message, const Use& use) {
  Decoder decoder;
  const auto opened = open_message(decoder, message);
  if (!opened) return;
  walk(decoder, root_node(opened->layer.bytes, schema::find(opened->layer.path)), use);
}

bool has_own_tag(const Node& node) { return node.type->self.matches(node.element.id); }

void add_elements(Seeds& seeds, Octets message, std::initializer_list<std::string_view> types) {
  for_each_node(message, [&](const Node& node) {
    if (node.type == nullptr || !has_own_tag(node)) return;
    if (std::find(types.begin(), types.end(), node.type->name) != types.end()) seeds.add(node.element.whole);
  });
}

void add_messages(Seeds& seeds, const Source& source) { seeds.add(source.message); }
/// A variant of the message, and the message.
void add_pairs(Seeds& seeds, const Source& source) {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const auto changed = mutate_octets(source.message, MutationKind::all, seed, largest_seed);
    if (Decoder decoder; !open_message(decoder, Octets(changed))) continue;
    std::string pair(Octets(changed).chars());
    seeds.add(pair.append(source.message.chars()));
  }
}
void add_files(Seeds& seeds, const Source& source) { seeds.add(source.file); }

void add_pem(Seeds& seeds, const Source& source) {
  if (source.file.find("-----BEGIN ") != std::string_view::npos) seeds.add(source.file);
}

void add_json(Seeds& seeds, const Source& source) {
  std::ostringstream json;
  if (write_json(json, source.message)) seeds.add(json.view());
  seeds.add(source.message);
}

/// The first octet chooses: 0 bytes, 1 text.
void add_der_text(Seeds& seeds, const Source& source) {
  std::ostringstream text;
  text << '\1';
  write_der_text(text, source.message);
  seeds.add(text.view());
  seeds.add(std::string(1, '\0').append(source.message.chars()));
}

/// The first octet is the number of the row, the rest the value.
void add_controls(Seeds& seeds, const Source& source) {
  for_each_node(source.message, [&](const Node& node) {
    if (!node.is("TaggedAttribute") && !node.is("Attribute")) return;
    Decoder decoder;
    const auto control = decoder.decode<TaggedAttribute>(node.element.whole);
    if (!control || control->attr_values.empty()) return;
    const ControlRow* const row = control_row(control->attr_type);
    if (row == nullptr) return;
    const auto number = static_cast<char>(row - control_rows().data());
    seeds.add(std::string(1, number).append(control->attr_values[0].der.chars()));
  });
}

void add_oids(Seeds& seeds, const Source& source) {
  for_each_node(source.message, [&](const Node& node) {
    if (node.type == nullptr || node.type->kind != schema::Kind::oid) return;
    seeds.add(node.element.content);
    seeds.add(to_string(Oid{node.element.content}));
  });
}

void add_times(Seeds& seeds, const Source& source) {
  for_each_node(source.message, [&](const Node& node) {
    if (node.type != nullptr && node.type->kind == schema::Kind::time) seeds.add(node.element.content);
  });
}

void add_certificates(Seeds& seeds, const Source& source) {
  add_elements(seeds, source.message,
               {"Certificate", "TBSCertificate", "Extensions", "GeneralNames", "SubjectPublicKeyInfo"});
}
void add_crls(Seeds& seeds, const Source& source) {
  add_elements(seeds, source.message, {"CertificateList", "TBSCertList"});
}
void add_pkcs10(Seeds& seeds, const Source& source) {
  add_elements(seeds, source.message, {"CertificationRequest", "CertificationRequestInfo", "Attribute"});
}
void add_crmf(Seeds& seeds, const Source& source) {
  add_elements(seeds, source.message,
               {"CertReqMessages", "CertReqMsg", "CertRequest", "CertTemplate", "ProofOfPossession",
                "POPOSigningKeyInput", "POPOPrivKey", "PKMACValue", "PBMParameter", "PKIArchiveOptions",
                "PKIPublicationInfo", "EncryptedValue", "CRMFEncryptedKey", "CertId"});
}
void add_names(Seeds& seeds, const Source& source) { add_elements(seeds, source.message, {"Name", "RDNSequence"}); }
void add_pki_data(Seeds& seeds, const Source& source) { add_elements(seeds, source.message, {"PKIData"}); }
void add_pki_responses(Seeds& seeds, const Source& source) { add_elements(seeds, source.message, {"PKIResponse"}); }
void add_contents(Seeds& seeds, const Source& source) { add_elements(seeds, source.message, {"ContentInfo"}); }
void add_x509(Seeds& seeds, const Source& source) {
  add_elements(seeds, source.message, {"ContentInfo", "Certificate", "CertificateList", "CertificationRequest"});
}

struct Row {
  std::string_view target;
  void (*add)(Seeds&, const Source&);
};
constexpr Row rows[]{
    {"input", add_files},           {"pem", add_pem},         {"json", add_json},
    {"der_text", add_der_text},     {"control", add_controls}, {"oid", add_oids},
    {"time", add_times},            {"certificate", add_certificates}, {"crl", add_crls},
    {"pkcs10", add_pkcs10},         {"crmf", add_crmf},       {"name", add_names},
    {"pkidata", add_pki_data},      {"pkiresponse", add_pki_responses}, {"contentinfo", add_contents},
    {"diff_openssl", add_x509},     {"diff", add_pairs},
};

/// Whole messages for a target without a row.
auto adder_for(std::string_view target) {
  const auto* const row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return r.target == target; });
  return row == std::end(rows) ? add_messages : row->add;
}

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

void add_file(Seeds& seeds, std::string_view target, const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const auto blocks = read_blocks(Octets(std::string_view(bytes)), Limits{});
  if (!blocks) return;
  const auto add = adder_for(target);
  bool first = true;
  for (const InputBlock& block : *blocks) {
    add(seeds, {first ? std::string_view(bytes) : std::string_view(), Octets(block.bytes)});
    first = false;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: " << argv[0] << " TARGET VECTORS FOLDER\n";
    return 2;
  }
  const std::string_view target = argv[1];
  const std::filesystem::path folder = argv[3];
  Seeds seeds;
  for (const auto& file : files_below(argv[2])) add_file(seeds, target, file);
  if (seeds.empty()) {
    std::cerr << argv[0] << ": no seeds for " << target << " in " << argv[2] << '\n';
    return 1;
  }
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  if (!seeds.write(folder)) {
    std::cerr << argv[0] << ": cannot write to " << argv[3] << '\n';
    return 1;
  }
}
