#pragma once

#include <cmcctl/server/http_server.hpp>

#include "ca_service.hpp"
#include "event_log.hpp"

namespace cmcctl {

/// The management port: what a test CA holds, as JSON, and the decisions about it (docs/test-ca-api.md). It is for
/// programs on the same machine: requests that a web page may have caused are refused.
class Management {
 public:
  Management(CaService& service, EventLog& log) : service_(service), log_(log) {}
  HttpReply operator()(const HttpRequest& request) const;

 private:
  CaService& service_;
  EventLog& log_;
};

}  // namespace cmcctl
