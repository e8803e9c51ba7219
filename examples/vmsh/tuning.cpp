// SPDX-License-Identifier: BSL-1.0
#include "affected.hpp"
#include "commands.hpp"
#include "shell.hpp"

#include <charconv>
#include <cstdint>

namespace
{

constexpr auto zero_memory = "memory in virDomainSetMemoryFlags must not be zero";

/// `512M`, in KiB where no unit is named.
auto size_of(Arguments const& arguments) -> vw::Size
{
    auto const word = arguments.required_text("size");
    std::vector refused{fmt::format("Scaled numeric value '{}' for <size> option is malformed or out of range", word)};
    std::uint64_t amount{};
    auto const* const end = word.data() + word.size();
    auto const read = std::from_chars(word.data(), end, amount);
    if (read.ec != std::errc{})
        throw Refusal{std::move(refused)};
    std::string const unit{read.ptr, end};
    if (!unit.empty() && !vw::bytes_per_unit(unit)) {
        refused.push_back(fmt::format("invalid argument: unknown suffix '{}'", unit));
        throw Refusal{std::move(refused)};
    }
    auto const size = vw::scaled_size(amount, unit.empty() ? "KiB" : unit);
    if (!size)
        throw Refusal{std::move(refused)};
    return vw::KiB(size->kib());
}

auto setmem(Shell& shell, Arguments const& arguments) -> bool
{
    auto const affects = affected(arguments);
    auto const domain = shell.find_domain(arguments);
    auto const size = size_of(arguments);
    shell.require_write("virDomainSetMemoryFlags");
    if (size == vw::Size{})
        throw Refusal{zero_memory};
    domain.set_memory(size, affects.value_or(vw::Affects::live));
    return true;
}

auto setmaxmem(Shell& shell, Arguments const& arguments) -> bool
{
    auto const affects = affected(arguments);
    auto const domain = shell.find_domain(arguments);
    auto const size = size_of(arguments);
    shell.attempt("Unable to change MaxMemorySize", [&] {
        shell.require_write("virDomainSetMemoryFlags");
        if (size == vw::Size{})
            throw Refusal{zero_memory};
        domain.set_max_memory(size, affects.value_or(vw::Affects::current));
    });
    return true;
}

auto setvcpus(Shell& shell, Arguments const& arguments) -> bool
{
    auto const affects = affected(arguments);
    arguments.exclude("guest", "config");
    if (arguments.has("maximum") && !arguments.has("config"))
        throw Refusal{"Option --config is required by option --maximum"};
    arguments.refuse("setvcpus", {"hotpluggable"});
    auto const domain = shell.find_domain(arguments);
    if (arguments.text("count") == "0")
        throw Refusal{"Can't set 0 processors for a VM"};
    auto const count = static_cast<std::uint32_t>(arguments.number("count").value());
    auto const is_plain = !affects && !arguments.has("guest");
    shell.require_write(is_plain ? "virDomainSetVcpus" : "virDomainSetVcpusFlags");
    if (arguments.has("guest")) {
        require_running(domain);
        refuse_agent(domain, "setvcpus --guest");
    }
    domain.set_vcpus(count, affects.value_or(vw::Affects::live),
                     arguments.has("maximum") ? vw::VcpuCount::maximum : vw::VcpuCount::active);
    return true;
}

struct Counts
{
    std::uint32_t maximum{};
    std::uint32_t active{};
};

auto counts_of(vw::Domain const& domain, vw::DomainXml which) -> Counts
{
    auto const vcpus = config_of(domain, which).vcpus;
    return {.maximum = vcpus.count, .active = vcpus.current.value_or(vcpus.count)};
}

auto print_all_counts(Shell const& shell, vw::Domain const& domain) -> bool
{
    auto const config = domain.is_persistent() ? std::optional{counts_of(domain, vw::DomainXml::inactive)} : std::nullopt;
    auto const live = domain.is_active() ? std::optional{counts_of(domain, vw::DomainXml::live)} : std::nullopt;
    auto const lines = [&](std::string_view label, auto Counts::*count) {
        if (config)
            shell.print("{:<12} {:<12} {:3}\n", label, "config", (*config).*count);
        if (live)
            shell.print("{:<12} {:<12} {:3}\n", label, "live", (*live).*count);
    };
    lines("maximum", &Counts::maximum);
    lines("current", &Counts::active);
    return true;
}

auto vcpucount(Shell& shell, Arguments const& arguments) -> bool
{
    arguments.exclude("live", "config");
    arguments.exclude("active", "maximum");
    arguments.exclude("guest", "config");
    auto const domain = shell.find_domain(arguments);
    if (arguments.has("guest")) {
        if (!domain.is_active())
            throw Refusal{std::vector<std::string>{
                "Failed to retrieve vCPU count from the guest",
                "invalid argument: vCPU count provided by the guest agent can only be requested for live domains"}};
        refuse_agent(domain, "vcpucount --guest");
    }
    auto const names_one = arguments.has("maximum") || arguments.has("active") || arguments.has("live") ||
                           arguments.has("config") || arguments.has("current");
    if (!names_one)
        return print_all_counts(shell, domain);
    auto which = domain.is_active() ? vw::DomainXml::live : vw::DomainXml::inactive;
    if (arguments.has("live")) {
        require_running(domain);
        which = vw::DomainXml::live;
    } else if (arguments.has("config")) {
        require_definition(domain);
        which = vw::DomainXml::inactive;
    }
    auto const counts = counts_of(domain, which);
    shell.print("{}\n", arguments.has("maximum") ? counts.maximum : counts.active);
    return true;
}

} // namespace

auto tuning_commands() -> std::vector<Command>
{
    auto const config = flag("config", "from the next start on");
    auto const live = flag("live", "the domain that runs");
    auto const current = flag("current", "the domain that runs, or the definition of one that does not");
    return {
        {.name = "setmem",
         .summary = "change how much of its memory a guest is left",
         .description = "The guest of a domain that runs gives memory back, or takes it, when it does.",
         .options = {which_domain(), required("size", "512M or the like; KiB without a unit", Takes::number), config, live,
                     current},
         .run = setmem},
        {.name = "setmaxmem",
         .summary = "change how much memory a guest has",
         .description = "From the next start on.",
         .options = {which_domain(), required("size", "512M or the like; KiB without a unit", Takes::number), config, live,
                     current},
         .run = setmaxmem},
        {.name = "setvcpus",
         .summary = "change how many vCPUs a domain has",
         .description = "Those of a domain that runs are plugged and unplugged; its guest must help with that.",
         .options = {which_domain(), required("count", "how many", Takes::number),
                     flag("maximum", "how many there can be, from the next start on"), config, live, current,
                     flag("guest", "let the guest use more or less of those it has"),
                     flag("hotpluggable", "make those that come removable")},
         .run = setvcpus},
        {.name = "vcpucount",
         .summary = "how many vCPUs a domain has",
         .description = "Without options, all there is to know.",
         .options = {which_domain(), flag("maximum", "how many there can be"), flag("active", "how many there are"), live,
                     config, current, flag("guest", "how many the guest uses")},
         .run = vcpucount},
    };
}
