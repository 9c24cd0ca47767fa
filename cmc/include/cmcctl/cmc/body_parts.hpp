#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/encoder.hpp>

namespace cmcctl {

/// Random octets of a new nonce or transaction identifier.
inline constexpr std::size_t nonce_octets = 16;

/// What PKIData and PKIResponse have in common: controls, nested messages and other messages, each under a body part
/// identifier (RFC 10002 section 3.2.2). It owns the octets that it is given.
///
/// An identifier that is not given is the lowest one above 0 that is free. `value_out_of_range` for 0 and for one that
/// is taken, `not_encodable` for a value that is not one element, a control that cannot stand here (an attribute of
/// requests, say) or not twice.
class BodyParts {
 public:
  /// A control by its name ("regInfo") or dotted OID, with the DER of its value.
  Result<BodyPartID> control(std::string_view type, Octets value, std::optional<BodyPartID> id = {});
  /// The same with the value as it is in controls.hpp.
  template <class T>
  Result<BodyPartID> control_of(std::string_view type, const T& value, std::optional<BodyPartID> id = {}) {
    CMC_TRY(const std::vector<std::uint8_t> der, encode(value));
    return control(type, der, id);
  }

  /// RFC 10002 section 3.2.1.3: a complete ContentInfo, for cmsSequence.
  Result<BodyPartID> nested(Octets content_info, std::optional<BodyPartID> id = {});
  /// RFC 10002 section 3.2.1.4. `type` is dotted.
  Result<BodyPartID> other_msg(std::string_view type, Octets value, std::optional<BodyPartID> id = {});

  /// RFC 10002 section 6.6. The octets of a TransactionId are those of an INTEGER: minimal, two's complement.
  Result<BodyPartID> transaction_id(const Integer& number) {
    return control_of("transactionId", TransactionId{number});
  }
  Result<BodyPartID> sender_nonce(Octets nonce) { return control_of("senderNonce", SenderNonce{nonce}); }
  Result<BodyPartID> recipient_nonce(Octets nonce) { return control_of("recipientNonce", RecipientNonce{nonce}); }
  /// RFC 10002 section 6.4.
  Result<BodyPartID> data_return(Octets data) { return control_of("dataReturn", DataReturn{data}); }
  /// RFC 10002 section 6.1.1.
  Result<BodyPartID> status_info(const CMCStatusInfoV2& status) { return control_of("statusInfoV2", status); }
  /// RFC 10002 section 6.16: names an AuthenticatedData in cmsSequence.
  Result<BodyPartID> auth_data(BodyPartID part) { return control_of("authData", AuthPublish{part}); }

  /// This identifier goes to no part that does not ask for it.
  void reserve(BodyPartID id) { reserved_.insert(id.value()); }
  bool is_taken(BodyPartID id) const { return taken_.contains(id.value()); }

 protected:
  explicit BodyParts(Place place) : place_(place) {}

  Result<BodyPartID> take(std::optional<BodyPartID> wanted);
  /// One element of `bytes`, as it came.
  static Result<void> check_element(Octets bytes, std::string_view what);

  struct Control {
    BodyPartID id;
    std::vector<std::uint8_t> type;   // content octets of the OID
    std::vector<std::uint8_t> value;  // DER
  };
  struct Nested {
    BodyPartID id;
    std::vector<std::uint8_t> type;
    std::vector<std::uint8_t> content;
  };
  struct Other {
    BodyPartID id;
    std::vector<std::uint8_t> type;
    std::vector<std::uint8_t> value;
  };

  std::vector<Control> controls_;
  std::vector<Nested> nested_;
  std::vector<Other> others_;

 private:
  Result<void> check_place(const ControlRow& row) const;

  Place place_;
  std::unordered_set<std::uint32_t> taken_;
  std::unordered_set<std::uint32_t> reserved_;
  std::uint32_t next_ = 1;
};

}  // namespace cmcctl
