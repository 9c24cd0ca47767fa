#include "ca_service.hpp"

#include <algorithm>

#include "fault_response.hpp"

namespace cmcctl {
namespace {

AuthorityOptions always_pending(AuthorityOptions options) {
  options.pend = PendPolicy::always;
  return options;
}

}  // namespace

std::int64_t now_in_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

CaService::CaService(Store& store, Issuer& issuer, const AuthorityOptions& options, Faults& faults)
    : store_(store),
      issuer_(issuer),
      authority_(store_, issuer_, options),
      pending_authority_(store_, issuer_, always_pending(options)),
      faults_(faults) {}

Result<CaService::Sent> CaService::answer(const Call& call) {
  const std::int64_t now = now_in_seconds();
  const auto since_start = std::chrono::steady_clock::now() - start_;
  const auto faults = faults_.next(std::chrono::duration_cast<std::chrono::milliseconds>(since_start));
  const std::lock_guard lock(mutex_);
  CMC_CHECK(approve_what_is_due(now));
  CMC_TRY(Answer answer, decide(call, faults, now));
  CMC_CHECK(store_.log(now, answer.event, answer.text));
  Sent sent{answer, {}};
  CMC_CHECK(apply_faults(faults, sent.answer, issuer_, last_));
  last_ = std::move(answer);
  std::ranges::copy_if(faults, std::back_inserter(sent.http_faults),
                       [](const Fault& fault) { return fault.row->stage == FaultStage::http; });
  return sent;
}

Result<Answer> CaService::decide(const Call& call, const std::vector<Fault>& faults, std::int64_t now) {
  const auto pend =
      std::ranges::find(faults, FaultStage::decision, [](const Fault& fault) { return fault.row->stage; });
  if (pend == faults.end()) return authority_.answer(call, now);
  CMC_TRY(Answer answer, pending_authority_.answer(call, now));
  if (pend->after.count() == 0) return answer;
  CMC_TRY(const auto requests, store_.pending_requests());
  for (const PendingRequest& request : requests) {
    const bool known =
        std::ranges::any_of(approvals_, [&](const Approval& one) { return one.number == request.number; });
    if (known || request.decision != Decision::pending) continue;
    approvals_.push_back({request.number, now + std::chrono::ceil<std::chrono::seconds>(pend->after).count()});
  }
  return answer;
}

Result<void> CaService::approve_what_is_due(std::int64_t now) {
  for (const Approval& one : approvals_) {
    if (one.due > now) continue;
    auto approved = authority_.approve(one.number, now);
    if (!approved) return taken(approved.error());
  }
  std::erase_if(approvals_, [&](const Approval& one) { return one.due <= now; });
  return {};
}

}  // namespace cmcctl
