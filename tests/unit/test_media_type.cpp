#include <catch.hpp>

#include <cmcctl/transport/media_type.hpp>

using namespace cmcctl;

TEST_CASE("each kind of message is what its own media type says") {
  for (const Carried carried :
       {Carried::simple_request, Carried::full_request, Carried::simple_response, Carried::full_response}) {
    CHECK(carried_by(media_type(carried)) == carried);
  }
  CHECK(media_type(Carried::full_request) == "application/pkcs7-mime; smime-type=CMC-Request; name=request.p7m");
  CHECK(file_extension(Carried::full_response) == ".crp");
}

TEST_CASE("media types are read without regard to case, quotes and other parameters") {
  CHECK(carried_by("APPLICATION/PKCS7-MIME;Smime-Type=\"cmc-REQUEST\"") == Carried::full_request);
  CHECK(carried_by("application/pkcs7-mime ; name=\"a;smime-type=certs-only\" ; smime-type = CMC-Response") ==
        Carried::full_response);
  CHECK(carried_by("application/pkcs7-mime; smime-type=certs-only") == Carried::simple_response);
  CHECK(carried_by("application/pkcs10") == Carried::simple_request);
}

TEST_CASE("other media types carry nothing of CMC") {
  for (const char* type : {"", ";", "application/pkcs7-mime", "application/pkcs7-mime; smime-type=signed-data",
                           "text/plain", "application/pkcs7-mime; smime-type=CMC-Request; smime-type=CMC-Response",
                           "application/pkcs7-mime; name=\"smime-type=CMC-Request", "application/pkcs10x"}) {
    CAPTURE(type);
    CHECK(!carried_by(type));
  }
}
