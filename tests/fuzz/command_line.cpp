// SPDX-License-Identifier: BSL-1.0
#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// Whatever can be read goes the whole way to QEMU's arguments without harm, and resolving twice is resolving once.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace vmwright;
    static auto const profile = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    static auto const facts = qemu::debian12();
    auto const parsed = xml::read_domain({reinterpret_cast<char const*>(data), size});
    auto const plan = qemu::plan(parsed.result, profile, facts);
    if (plan.has_errors())
        return 0;
    auto const argv = qemu::arguments(plan.result);
    if (argv.empty() || qemu::explain(plan.result).empty())
        std::abort();
    auto const resolved = qemu::resolve(parsed.result, profile, facts).value().config;
    if (qemu::resolve(resolved, profile, facts).value().config != resolved)
        std::abort();
    return 0;
}
