#pragma once

#include <cmcctl/server/http_server.hpp>

#include "ca_service.hpp"
#include "event_log.hpp"

namespace cmcctl {

/// What HTTP requests mean for a CA: RFC 10003 section 6 on /cmc, EST's fullcmc (RFC 7030 section 4.3), and where it is
/// asked for the servlets of Dogtag's CA.
class CaEndpoints {
 public:
  /// Both have to stay.
  CaEndpoints(CaService& service, bool dogtag, EventLog& log) : service_(service), dogtag_(dogtag), log_(log) {}

  HttpReply operator()(const HttpRequest& request) const;

 private:
  enum class Way : std::uint8_t { cmc, est, dogtag };
  struct Endpoint {
    Way way = Way::cmc;
    std::string profile{};
  };
  struct Outcome {
    HttpReply reply;
    std::string event = "refused";
    std::string text{};
  };

  std::optional<Endpoint> endpoint_of(const HttpRequest& request) const;
  Outcome outcome_of(const HttpRequest& request) const;
  static std::optional<HttpReply> refusal(const HttpRequest& request, const std::optional<Endpoint>& endpoint);
  static HttpReply reply_with(CaService::Sent& sent, Way way);

  CaService& service_;
  bool dogtag_;
  EventLog& log_;
};

}  // namespace cmcctl
