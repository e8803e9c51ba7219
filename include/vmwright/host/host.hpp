// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/log.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/domain/domain_capabilities.hpp>
#include <vmwright/domain/host_capabilities.hpp>
#include <vmwright/host/autostart.hpp>
#include <vmwright/host/domain.hpp>
#include <vmwright/host/event.hpp>
#include <vmwright/host/node_info.hpp>
#include <vmwright/host/self_check.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0
{

class Machine;

struct HostOptions
{
    /// The directory of all that this Host keeps; made when it is not there. Any number of programs may share one.
    std::string root{};
    /// Where operations run; when empty, the Host runs a thread of its own. A Host that has started or followed a domain
    /// gives the executor work until it is closed.
    boost::asio::any_io_executor executor{};
    LogHook log{};
    /// Finds the text of a shipped profile: `&qemu::profile_text` in a program that links vmwright::profiles.
    std::string_view (*profile_text)(std::string_view name) noexcept {};
    /// Where profile files are, beside $XDG_DATA_DIRS/vmwright/profiles. An emulator without a profile is asked, once.
    std::vector<std::string> profile_directories{};
    /// Used in place of what this host says of itself.
    std::optional<qemu::HostFacts> facts{};
    /// The door to the operating system; this machine when null. Shared, as operations may outlive the call.
    std::shared_ptr<Machine> machine{};
    /// What other programs are told of who holds a lock.
    std::string program{"vmwright"};
};

/// The emulator that runs domains of one architecture.
struct EmulatorInfo
{
    std::string path{};
    qemu::EmulatorVersion version{};
    std::string package{}; ///< what the distribution added to the version

    bool operator==(EmulatorInfo const&) const = default;
};

/// The domains of one root directory: a cheap handle over shared state, equal to any other handle on that state.
///
/// *Threads* and *cancellation* as with Domain. When the last Host and Domain of one open() is gone, operations that have
/// not ended are cancelled; a Host with a thread of its own waits for them, unless it is on that thread. Domains run on.
class Host
{
public:
    /// Finds what runs, whoever started it, and makes good what programs left that were killed. A Host with a thread of its
    /// own returns when each emulator it found has said who it is, or a second later: one that does not answer is heard of
    /// by the operations on its domain. On an embedder's executor operations wait for that instead.
    [[nodiscard]] static auto open(HostOptions options) -> Host;
    /// `qemu:///session`: $XDG_DATA_HOME/vmwright; `qemu:///system`: /var/lib/vmwright; `qemu:///embed?root=DIR`.
    /// Any other URI is Errc::not_supported_yet. `options.root` is not looked at.
    [[nodiscard]] static auto open(std::string_view uri, HostOptions options = {}) -> Host;

    [[nodiscard]] auto uri() const -> std::string;
    /// Absolute.
    [[nodiscard]] auto root() const -> std::string;
    [[nodiscard]] auto get_executor() const -> boost::asio::any_io_executor;

    /// Keeps a definition, in the place of one of the same name and uuid. What it leaves open is chosen now and stays.
    auto define(DomainConfig config) const -> Domain;
    template <detail::TokenFor<Domain> Token = boost::asio::deferred_t>
    auto async_define(DomainConfig config, Token&& token = Token{}) const
    {
        return begin_define(std::move(config)).begin(std::forward<Token>(token));
    }
    /// The same from text, whose comments and layout are kept.
    auto define_xml(std::string_view text) const -> Domain;
    template <detail::TokenFor<Domain> Token = boost::asio::deferred_t>
    auto async_define_xml(std::string text, Token&& token = Token{}) const
    {
        return begin_define_xml(std::move(text)).begin(std::forward<Token>(token));
    }

    /// Starts a domain without keeping a definition: it is gone when it ends.
    auto create(DomainConfig config, StartOptions options = {}) const -> Domain;
    template <detail::TokenFor<Domain> Token = boost::asio::deferred_t>
    auto async_create(DomainConfig config, StartOptions options = {}, Token&& token = Token{}) const
    {
        return begin_create(std::move(config), options).begin(std::forward<Token>(token));
    }
    auto create_xml(std::string_view text, StartOptions options = {}) const -> Domain;
    template <detail::TokenFor<Domain> Token = boost::asio::deferred_t>
    auto async_create_xml(std::string text, StartOptions options = {}, Token&& token = Token{}) const
    {
        return begin_create_xml(std::move(text), options).begin(std::forward<Token>(token));
    }

    /// Starts the domains that are marked to start with the host and do not run, by name. One that fails stops no other;
    /// those that failed are returned.
    auto start_autostart() const -> std::vector<AutostartFailure>;
    template <detail::TokenFor<std::vector<AutostartFailure>> Token = boost::asio::deferred_t>
    auto async_start_autostart(Token&& token = Token{}) const
    {
        return begin_start_autostart().begin(std::forward<Token>(token));
    }

    /// All that are defined or run, by name.
    [[nodiscard]] auto domains() const -> std::vector<Domain>;
    /// Throws Errc::not_found, with the nearest name as a hint.
    [[nodiscard]] auto find_domain(std::string_view name) const -> Domain;
    [[nodiscard]] auto find_domain(Uuid const& uuid) const -> Domain;
    [[nodiscard]] auto find_domain(int id) const -> Domain;

    /// Of the architecture (QEMU's word), this host's when empty.
    [[nodiscard]] auto emulator(std::string_view arch = {}) const -> EmulatorInfo;
    template <detail::TokenFor<EmulatorInfo> Token = boost::asio::deferred_t>
    auto async_emulator(std::string arch, Token&& token = Token{}) const
    {
        return begin_emulator(std::move(arch)).begin(std::forward<Token>(token));
    }

    /// What domains of that kind can have here. Throws Errc::invalid_argument for a word that is wrong, with the nearest
    /// that is right as a hint, and Errc::not_found without such an emulator. A shipped profile does for one that is not
    /// installed.
    [[nodiscard]] auto domain_capabilities(CapabilitiesQuery query = {}) const -> DomainCapabilities;
    template <detail::TokenFor<DomainCapabilities> Token = boost::asio::deferred_t>
    auto async_domain_capabilities(CapabilitiesQuery query, Token&& token = Token{}) const
    {
        return begin_domain_capabilities(std::move(query)).begin(std::forward<Token>(token));
    }

    /// This host, and the guests that its emulators run. Those without a profile are asked, each once.
    [[nodiscard]] auto capabilities() const -> HostCapabilities;
    template <detail::TokenFor<HostCapabilities> Token = boost::asio::deferred_t>
    auto async_capabilities(Token&& token = Token{}) const
    {
        return begin_capabilities().begin(std::forward<Token>(token));
    }

    /// Processors and memory of this host.
    [[nodiscard]] auto node_info() const -> NodeInfo;
    [[nodiscard]] auto hostname() const -> std::string;
    /// What works on this host and what does not, with what to do about it. Only looks; no emulator is started.
    [[nodiscard]] auto self_check() const -> SelfCheck;

    /// What a start would give the emulator, from a configuration that need not be defined; nothing is started. Throws
    /// ConfigError.
    auto plan(DomainConfig config) const -> qemu::Plan;
    template <detail::TokenFor<qemu::Plan> Token = boost::asio::deferred_t>
    auto async_plan(DomainConfig config, Token&& token = Token{}) const
    {
        return begin_plan(std::move(config)).begin(std::forward<Token>(token));
    }

    /// Calls `callback` on the Host's executor for each event of this root from now on, whichever program caused it; with
    /// `since`, also for those after the event of that number. No lock is held then. Exceptions of the callback go to the
    /// log; one that is slow holds up the operations of this Host, and nobody else's.
    [[nodiscard]] auto on_event(std::function<void(Event const&)> callback, std::optional<std::uint64_t> since = {}) const
        -> EventSubscription;
    [[nodiscard]] auto events(std::optional<std::uint64_t> since = {}) const -> EventStream;
    /// What the root's log tells after the event of that number; of 0, all that it has. It begins with MissedEvents where
    /// the log does not reach back so far: it keeps the last thousand at least.
    [[nodiscard]] auto events_since(std::uint64_t number) const -> std::vector<Event>;

    friend auto operator==(Host const& a, Host const& b) noexcept -> bool { return a.lease_ == b.lease_; }

private:
    explicit Host(std::shared_ptr<detail::Lease> lease);
    [[nodiscard]] auto core() const -> detail::HostCore&;
    auto begin_define(DomainConfig config) const -> detail::Operation<Domain>;
    auto begin_define_xml(std::string text) const -> detail::Operation<Domain>;
    auto begin_create(DomainConfig config, StartOptions options) const -> detail::Operation<Domain>;
    auto begin_create_xml(std::string text, StartOptions options) const -> detail::Operation<Domain>;
    auto begin_start_autostart() const -> detail::Operation<std::vector<AutostartFailure>>;
    auto begin_emulator(std::string arch) const -> detail::Operation<EmulatorInfo>;
    auto begin_domain_capabilities(CapabilitiesQuery query) const -> detail::Operation<DomainCapabilities>;
    auto begin_capabilities() const -> detail::Operation<HostCapabilities>;
    auto begin_plan(DomainConfig config) const -> detail::Operation<qemu::Plan>;

    std::shared_ptr<detail::Lease> lease_;
};

} // namespace vmwright::inline v0
