#include <algorithm>
#include <set>

#include "authority_scope.hpp"

namespace cmcctl::authority {
namespace {

// Those that an RA says something with.
constexpr std::string_view ra_controls[]{"modCertTemplate", "addExtensions", "lraPOPWitness", "raIdentityWitness"};

const Layer* nested_layer(const Layer& layer, BodyPartID id) {
  const auto* const data = std::get_if<PKIData>(&layer.content);
  if (data == nullptr) return nullptr;
  for (std::size_t i = 0; i < data->cms_sequence.size() && i < layer.nested.size(); ++i) {
    if (data->cms_sequence[i].body_part_id == id) return &layer.nested[i];
  }
  return nullptr;
}

// RFC 10002 section 3.2.2; 0 is the PKIData itself.
const Layer* layer_at(const Layer& layer, std::span<const BodyPartID> path) {
  if (path.size() == 1 && path[0].value() == 0) return &layer;
  const Layer* here = &layer;
  for (const BodyPartID id : path) {
    here = nested_layer(*here, id);
    if (here == nullptr) return nullptr;
  }
  return here;
}

void enter(Scope& scope, std::span<const BodyPartID> where, std::span<const BodyPartID> requests, Change change) {
  const Layer* const target = layer_at(scope.layer, where);
  if (target == nullptr) return;
  const Change* const kept = &scope.changes.emplace_back(std::move(change));
  const std::set<BodyPartID> named(requests.begin(), requests.end());
  for (const BodyPartID id : named) scope.changes_of[{target, id}].push_back(kept);
}

void read_change(Work& work, Scope& scope, const TaggedAttribute& control) {
  const std::string_view name = control_name(control);
  if (name == "modCertTemplate") {
    const auto value = decode_control<ModCertTemplate>(work.decoder, control);
    if (value) enter(scope, value->pki_data_reference.ids, value->cert_references.ids, {*value, {}});
  }
  if (name == "addExtensions") {
    const auto value = decode_control<AddExtensions>(work.decoder, control);
    if (value) enter(scope, std::span(&value->pki_data_reference, 1), value->cert_references, {{}, *value});
  }
}

// Section 6.8: popFailed for what an RA witnesses; of the other statements it is who may make them that is wrong.
void refuse_statement(Work& work, Scope& scope, const TaggedAttribute& control, const Check& check) {
  const std::string_view name = control_name(control);
  const bool pop = name == "lraPOPWitness";
  const std::string text = std::string(name) + ": " + check.text;
  work.reply.refuse({pop ? CMCFailInfo::popFailed : CMCFailInfo::badIdentity, text}, scope.path(control.body_part_id));
  scope.spoiled = true;
}

const Refusal too_many{CMCFailInfo::badRequest, "too many extensions"};

Objection modify(const ModCertTemplate& change, Asked& asked) {
  const CertTemplate& wanted = change.cert_template;
  if (wanted.public_key) {
    return Refusal{CMCFailInfo::badRequest, "modCertTemplate: the public key is what possession was proven of"};
  }
  if (wanted.subject) {
    constexpr std::uint8_t empty_name[]{0x30, 0x00};
    asked.subject = bytes_of(change.replace ? wanted.subject->der : Octets(empty_name));
  }
  if (!wanted.extensions) return std::nullopt;
  if (wanted.extensions->extensions.size() > most_extensions) return too_many;
  for (const Extension& extension : wanted.extensions->extensions) {
    RequestedExtension one = requested(extension);
    if (change.replace) {
      set_extension(asked.extensions, std::move(one));
    } else {
      std::erase_if(asked.extensions, [&](const RequestedExtension& known) { return known.oid == one.oid; });
    }
  }
  return std::nullopt;
}

}  // namespace

void read_ra_controls(Work& work, Scope& scope) {
  for (std::size_t i = 0; i < scope.data.control_sequence.size(); ++i) {
    const TaggedAttribute& control = scope.data.control_sequence[i];
    const std::string_view name = control_name(control);
    const std::string path = scope.control_path(i);
    const auto refuse = [&](CMCFailInfo fail_info, const Check& check) {
      work.reply.refuse({fail_info, std::string(name) + ": " + check.text}, scope.path(control.body_part_id));
      scope.refused.insert(control.body_part_id);
      scope.spoiled = true;
    };
    const Check* const value = work.proofs.check(path, "value");
    const Check* const references = work.proofs.check(path, "references");
    const Check* const authority = work.proofs.check(path, "RA");
    if (value != nullptr) {
      refuse(CMCFailInfo::badRequest, *value);
    } else if (authority != nullptr && authority->verdict != Verdict::pass) {
      refuse_statement(work, scope, control, *authority);
    } else if (references != nullptr && references->verdict != Verdict::pass) {
      refuse(name == "authData" ? CMCFailInfo::authDataFail : CMCFailInfo::badRequest, *references);
    } else if (std::ranges::find(ra_controls, name) != std::end(ra_controls)) {
      read_change(work, scope, control);
    }
  }
}

Objection apply_changes(const Scope& scope, BodyPartID request, Asked& asked) {
  for (const Scope* from = &scope; from != nullptr; from = from->outer) {
    const auto found = from->changes_of.find({&scope.layer, request});
    if (found == from->changes_of.end()) continue;
    std::set<std::string> added;
    for (const Change* const change : found->second) {
      if (asked.extensions.size() > most_extensions) return too_many;
      if (change->modified) {
        if (auto objection = modify(*change->modified, asked)) return objection;
        continue;
      }
      if (change->added->extensions.size() > most_extensions) return too_many;
      for (const Extension& extension : change->added->extensions) {
        RequestedExtension one = requested(extension);
        if (!added.insert(one.oid).second) {
          return Refusal{CMCFailInfo::badRequest, "addExtensions: the extension " + one.oid + " is added twice"};
        }
        set_extension(asked.extensions, std::move(one));
      }
    }
  }
  return std::nullopt;
}

}  // namespace cmcctl::authority
