#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/encoder.hpp>

#include <array>

#include "ber.hpp"
#include "reader.hpp"
#include "scan.hpp"
#include "wire.hpp"

namespace cmcctl {
namespace {

// In the order of BerForm.
constexpr std::array<std::string_view, ber_forms> ber_texts{
    "indefinite length", "a length in more octets than needed", "a string in constructed form",
    "BOOLEAN TRUE other than FF", "unused bits that are not 0",
};

constexpr std::size_t most_made = 64;  // a message with more parts in BER is rare, and looking for them is not free

void add_ber_oddities(Decoder& decoder, const BerNotes& notes) {
  for (std::size_t form = 0; form < ber_forms; ++form) {
    const BerNotes::Note& note = notes.notes[form];
    if (note.count == 0) continue;
    std::string text = "BER, not DER: " + std::string(ber_texts[form]);
    if (note.count > 1) text += ", " + std::to_string(note.count) + " times from here on";
    decoder.add_oddity(Severity::note, "CMC-X690-11-01", std::move(text), Octets(note.first, note.first + 1));
  }
}

}  // namespace

Decoder::Decoder(const Limits& limits) : state_(std::make_unique<State>()) { state_->limits = limits; }
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

void Decoder::reset(Octets message) {
  state_->arena.reset(state_->limits.arena_octets(message.size()));
  state_->map.reset(message);
  state_->oddities.clear();
  state_->made.clear();
  state_->depth = 0;
  state_->started = true;
  state_->ber = false;
}

std::size_t Decoder::offset_of(Octets bytes) const { return state_->map.offset(bytes.data()); }
Octets Decoder::original(Octets bytes) const { return state_->map.original(bytes); }
const Limits& Decoder::limits() const { return state_->limits; }
Octets Decoder::message() const { return state_->map.input(); }
const std::vector<Oddity>& Decoder::oddities() const { return state_->oddities; }
void Decoder::set_depth(std::size_t depth) { state_->depth = depth; }
std::size_t Decoder::depth() const { return state_->depth; }
bool Decoder::saw_ber() const { return state_->ber; }
Arena& Decoder::arena() { return state_->arena; }

void Decoder::add_oddity(Severity severity, std::string_view rule, std::string text, Octets where) {
  constexpr std::size_t most = 1'000;
  if (state_->oddities.size() == most) return;
  // A part that is decoded twice is not twice as odd.
  const std::size_t offset = offset_of(where);
  for (const Oddity& known : state_->oddities) {
    if (known.offset == offset && known.text == text) return;
  }
  state_->oddities.push_back({severity, rule, std::move(text), offset, original(where).size(), {}});
}

Result<Any> Decoder::scan(Octets element) {
  if (!state_->started) reset(element);
  for (const State::Made& made : state_->made) {
    const bool same = made.ber.data() == element.data() && made.ber.size() == element.size();
    if (same && state_->depth <= made.depth) return Any{made.der, true};
  }
  Scan scan = scan_der(element, state_->limits, state_->depth);
  Octets der = element;
  if (scan.outcome == Scan::Outcome::ber) {
    const Normalised normalised = normalise_ber(element, state_->limits, state_->depth, state_->arena, state_->map, scan);
    if (scan.outcome == Scan::Outcome::der) {
      state_->ber = true;
      if (state_->made.size() < most_made) state_->made.push_back({element, normalised.der, state_->depth});
      add_ber_oddities(*this, normalised.notes);
    }
    der = normalised.der;
  }
  if (scan.outcome == Scan::Outcome::refused) {
    const std::size_t offset = offset_of(element.from(std::min(scan.offset, element.size())));
    return Error{scan.code, offset, {}, {}, std::move(scan.detail)};
  }
  return Any{der, true};
}

void Decoder::drop_oddities(std::size_t from) {
  if (from < state_->oddities.size()) state_->oddities.erase(state_->oddities.begin() + static_cast<std::ptrdiff_t>(from), state_->oddities.end());
}

bool Decoder::run(const TypeCodec& codec, Octets element, Origin origin, void* value, Error& error) {
  const std::string_view name = codec.type().name;
  if (origin == Origin::unknown) {
    auto looked_over = scan(element);
    if (!looked_over) {
      error = std::move(looked_over.error());
      error.path = name;
      return false;
    }
    element = looked_over->der;
  }
  Reader reader(*this);
  if (codec.decode(reader, tlv::first(element), origin == Origin::raw, value)) return true;
  error = std::move(reader.error());
  error.path.insert(0, name);
  return false;
}

Result<Octets> Encoder::run(const TypeCodec& codec, const void* value) {
  Writer writer(buffer_);
  if (!codec.encode(writer, value)) {
    writer.error().path = codec.type().name;
    return writer.error();
  }
  return writer.written();
}

}  // namespace cmcctl
