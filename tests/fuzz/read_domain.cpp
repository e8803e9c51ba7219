// SPDX-License-Identifier: BSL-1.0
#include <vmwright/xml/domain.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// Any bytes are read without harm; what was read prints to something that reads the same, and an update without an edit
// gives the bytes back.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace vmwright;
    auto const parsed = xml::read_domain({reinterpret_cast<char const*>(data), size});
    if (parsed.has_errors())
        return 0;
    if (xml::update_domain(parsed.document, parsed.result) != parsed.document.text())
        std::abort();
    auto const again = xml::read_domain(xml::write_domain(parsed.result));
    if (again.result != parsed.result)
        std::abort();
    return 0;
}
