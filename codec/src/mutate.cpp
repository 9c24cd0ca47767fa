#include <cmcctl/codec/mutate.hpp>

#include <algorithm>
#include <array>
#include <optional>

#include <cmcctl/codec/message.hpp>

#include "mutate_edit.hpp"
#include "node.hpp"
#include "schema.hpp"

namespace cmcctl {
namespace {

using mutation::Bytes;
using mutation::Edit;
using mutation::Element;
using mutation::Operation;
using mutation::Random;

struct Outcome {
  Mutation mutation;
  std::optional<std::size_t> offset;  // in the message, of what was changed
};

/// One attempt after the other, until something can be done.
class Mutator {
 public:
  Mutator(Octets message, std::uint64_t seed, std::size_t max_size)
      : message_(message), random_(seed), max_size_(max_size), room_(max_size - std::min(max_size, message.size())) {}

  Outcome run(MutationKind kind) {
    static constexpr std::array kinds{MutationKind::tlv, MutationKind::der, MutationKind::control};
    if (kind == MutationKind::all) kind = random_.of(kinds);
    if (!try_kind(kind) && (kind != MutationKind::control || !try_kind(MutationKind::tlv))) octets();
    return std::move(outcome_);
  }

 private:
  bool try_kind(MutationKind kind) {
    decoder_.reset(message_);
    source_ = message_;
    if (kind == MutationKind::control) {  // BER may have eContent in segments
      if (const auto der = decoder_.scan(message_)) source_ = der->der;
    }
    start_again();
    if (!tree_->root.parsed) return false;
    const auto operations = mutation::operations(kind);
    // From a random one on, each once.
    const std::size_t first = random_.below(operations.size());
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (try_operation(operations[(first + i) % operations.size()], kind)) return true;
    }
    return false;
  }

  void start_again() { tree_.emplace(source_, random_, room_); }

  bool try_operation(const Operation& operation, MutationKind kind) {
    Edit& edit = tree_->edit;
    edit.start_again();
    if (!operation.apply(edit)) return false;
    Bytes bytes = mutation::write(tree_->root);
    const bool may_leave = kind == MutationKind::der && bytes.size() != source_.size() && random_.one_in(4);
    if (may_leave && edit.leave_lengths()) {
      bytes = mutation::write(tree_->root);
      edit.what += "; the lengths around it as they were";
    }
    if (bytes.size() > max_size_ || Octets(bytes) == message_) {
      start_again();
      return false;
    }
    if (!edit.where.empty()) outcome_.offset = decoder_.offset_of(edit.where);
    outcome_.mutation = {std::move(bytes), kind, operation.name, std::move(edit.what)};
    return true;
  }

  void octets() {
    Mutation& mutation = outcome_.mutation;
    mutation.bytes = mutation::change_octets(message_, random_, max_size_, mutation.description);
    mutation.kind = MutationKind::octets;
    mutation.operation = "change-octets";
  }

  struct Tree {
    Tree(Octets bytes, Random& random, std::size_t room) : root(mutation::parse(bytes)), edit(root, random, room) {}
    Element root;
    Edit edit;
  };

  Octets message_;
  Octets source_;
  Random random_;
  const std::size_t max_size_;
  const std::size_t room_;
  Decoder decoder_;
  std::optional<Tree> tree_;
  Outcome outcome_;
};

/// "PKIData.controlSequence[1]", or nothing where the message is none that we know.
std::string path_at(Octets message, std::size_t offset) {
  Decoder decoder;
  const auto opened = open_message(decoder, message);
  if (!opened) return {};
  const Node root = root_node(opened->layer.bytes, schema::find(opened->layer.path));
  return paths_at(root, {offset}, decoder).front();
}

}  // namespace

std::string_view to_string(MutationKind kind) {
  switch (kind) {
    case MutationKind::tlv:
      return "tlv";
    case MutationKind::der:
      return "der";
    case MutationKind::control:
      return "control";
    case MutationKind::octets:
      return "octets";
    case MutationKind::all:
      break;
  }
  return "all";
}

Mutation mutate(Octets message, MutationKind kind, std::uint64_t seed, std::size_t max_size) {
  Outcome outcome = Mutator(message, seed, max_size).run(kind);
  if (outcome.offset) {
    const std::string path = path_at(message, *outcome.offset);
    const std::string place = "byte " + std::to_string(*outcome.offset) + (path.empty() ? "" : ", " + path) + ": ";
    outcome.mutation.description.insert(0, place);
  }
  return std::move(outcome.mutation);
}

std::vector<std::uint8_t> mutate_octets(Octets message, MutationKind kind, std::uint64_t seed, std::size_t max_size) {
  return Mutator(message, seed, max_size).run(kind).mutation.bytes;
}

}  // namespace cmcctl
