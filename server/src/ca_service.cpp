#include "ca_service.hpp"

#include <algorithm>
#include <utility>

#include "fault_response.hpp"

namespace cmcctl {
namespace {

const Fault* named(const std::vector<Fault>& faults, std::string_view name) {
  const auto found = std::ranges::find(faults, name, [](const Fault& fault) { return fault.row->name; });
  return found == faults.end() ? nullptr : &*found;
}

}  // namespace

std::int64_t now_in_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

CaService::CaService(Store& store, Issuer& issuer, const AuthorityOptions& options, Faults& faults)
    : store_(store),
      issuer_(issuer),
      authority_(store_, issuer_, options),
      faults_(faults) {}

Result<CaService::Sent> CaService::answer(Call call) {
  const std::int64_t now = now_in_seconds();
  const auto since_start = std::chrono::steady_clock::now() - start_;
  const auto faults = faults_.next(std::chrono::duration_cast<std::chrono::milliseconds>(since_start));
  CMC_CHECK(approve_what_is_due(now));
  CMC_TRY(Answer answer, decide(call, faults, now));
  Sent sent{answer, {}};
  const Answer last = exchanged_last(std::move(answer));
  CMC_CHECK(apply_faults(faults, sent.answer, issuer_, last));
  std::ranges::copy_if(faults, std::back_inserter(sent.http_faults),
                       [](const Fault& fault) { return fault.row->stage == FaultStage::http; });
  return sent;
}

Result<std::optional<std::string>> CaService::objection_to(const X509Certificate& tls_client) const {
  if (tls_client.issuer() != issuer_.certificate().subject()) return std::optional<std::string>();
  CMC_TRY(const auto stored, store_.find_certificate(tls_client.tbs().serial_number.content));
  if (!stored || !stored->revocation) return std::optional<std::string>();
  return std::optional("the TLS client's certificate, " + tls_client.subject_text() + ", is revoked");
}

Result<Answer> CaService::decide(Call& call, const std::vector<Fault>& faults, std::int64_t now) {
  const Fault* const pend = named(faults, "pend");
  call.pend = pend != nullptr;
  call.try_later = named(faults, "try-later") != nullptr;
  CMC_TRY(Answer answer, authority_.answer(call, now));
  if (pend == nullptr || pend->after.count() == 0) return answer;
  CMC_TRY(const auto requests, store_.pending_requests());
  const std::lock_guard lock(mutex_);
  for (const PendingRequest& request : requests) {
    const bool known =
        std::ranges::any_of(approvals_, [&](const Approval& one) { return one.number == request.number; });
    if (known || request.decision != Decision::pending) continue;
    approvals_.push_back({request.number, now + std::chrono::ceil<std::chrono::seconds>(pend->after).count()});
  }
  return answer;
}

Answer CaService::exchanged_last(Answer answer) {
  const std::lock_guard lock(mutex_);
  return std::exchange(last_, std::move(answer));
}

Result<void> CaService::approve_what_is_due(std::int64_t now) {
  const std::lock_guard lock(mutex_);
  for (const Approval& one : approvals_) {
    if (one.due > now) continue;
    auto approved = authority_.approve(one.number, now);
    if (!approved) return taken(approved.error());
  }
  std::erase_if(approvals_, [&](const Approval& one) { return one.due <= now; });
  return {};
}

}  // namespace cmcctl
