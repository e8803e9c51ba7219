// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/host/affects.hpp>
#include <vmwright/host/detail/operation.hpp>
#include <vmwright/host/domain_state.hpp>
#include <vmwright/host/dump.hpp>
#include <vmwright/host/start.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0
{

namespace detail
{
class HostCore;
struct Lease;
} // namespace detail

enum class ShutdownOutcome
{
    off,     ///< the domain has ended
    ignored, ///< the guest was asked, and runs on
};
constexpr auto enum_names(ShutdownOutcome)
{
    return name_list("off", "ignored");
}

/// Which document of a domain.
enum class DomainXml
{
    current,  ///< live while it runs, else inactive
    live,     ///< the running domain with all that this start chose; Errc::not_running when it is off
    inactive, ///< what the next start begins with; a transient domain has none but its live one
};

struct UndefineOptions
{
    std::optional<bool> keep_tpm{}; ///< the state of its emulated TPM; as the definition has it when absent

    bool operator==(UndefineOptions const&) const = default;
};

/// Which number of vCPUs set_vcpus changes.
enum class VcpuCount
{
    active,  ///< those that are there
    maximum, ///< those that there can be; only of a definition
};
constexpr auto enum_names(VcpuCount)
{
    return name_list("active", "maximum");
}

/// A domain of a Host: a cheap handle, valid for as long as the name means the same domain, in whichever program.
///
/// *Threads.* Any. Each `op(…)` blocks until it is done and throws Error; on a thread of the Host's executor it throws
/// Errc::deadlock instead of waiting for itself. Its `async_op(…, token)` completes with `void(std::exception_ptr[, T])`
/// on the handler's own executor, else on the Host's, and never from within the call.
///
/// *Cancellation* is per operation and of any kind, up to the moment when the operation's command has gone out; a start
/// that is cancelled ends the emulator it began.
class Domain
{
public:
    /// Names nothing; only to be assigned to.
    Domain() = default;
    Domain(std::shared_ptr<detail::Lease> host, std::string name, Uuid uuid);

    [[nodiscard]] auto name() const noexcept -> std::string const& { return name_; }
    [[nodiscard]] auto uuid() const noexcept -> Uuid const& { return uuid_; }
    /// A small number while it runs, unique in the Host's root.
    [[nodiscard]] auto id() const -> std::optional<int>;
    /// It has an emulator that lives.
    [[nodiscard]] auto is_active() const -> bool;
    /// It has a definition, and so stays when it ends.
    [[nodiscard]] auto is_persistent() const -> bool;
    /// Of the emulator; nothing when it does not run.
    [[nodiscard]] auto pid() const -> std::optional<int>;

    /// Boots the domain from its definition. It lives on when this program ends.
    auto start(StartOptions options = {}) const -> StartReport;
    template <detail::TokenFor<StartReport> Token = boost::asio::deferred_t>
    auto async_start(StartOptions options, Token&& token = Token{}) const
    {
        return begin_start(options).begin(std::forward<Token>(token));
    }
    template <detail::TokenFor<StartReport> Token = boost::asio::deferred_t>
    auto async_start(Token&& token = Token{}) const
    {
        return async_start(StartOptions{}, std::forward<Token>(token));
    }

    /// Presses the power button and waits for the guest to obey. With a deadline of zero it only presses.
    auto shutdown(std::chrono::milliseconds deadline) const -> ShutdownOutcome;
    template <detail::TokenFor<ShutdownOutcome> Token = boost::asio::deferred_t>
    auto async_shutdown(std::chrono::milliseconds deadline, Token&& token = Token{}) const
    {
        return begin_shutdown(deadline).begin(std::forward<Token>(token));
    }

    /// Asks the guest by its power button to end, and starts it anew when it has; returns when it was asked.
    void reboot() const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_reboot(Token&& token = Token{}) const
    {
        return begin_reboot().begin(std::forward<Token>(token));
    }

    /// Presses the reset button: the guest is not asked.
    void reset() const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_reset(Token&& token = Token{}) const
    {
        return begin_reset().begin(std::forward<Token>(token));
    }

    /// Pulls the plug. The definition stays; a transient domain is gone. An emulator that does not end by itself
    /// within `grace` is killed.
    void destroy(std::chrono::milliseconds grace = std::chrono::seconds{10}) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_destroy(std::chrono::milliseconds grace, Token&& token = Token{}) const
    {
        return begin_destroy(grace).begin(std::forward<Token>(token));
    }
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_destroy(Token&& token = Token{}) const
    {
        return async_destroy(std::chrono::seconds{10}, std::forward<Token>(token));
    }

    /// Stops the guest's CPUs; nothing is written, the memory stays where it is.
    void suspend() const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_suspend(Token&& token = Token{}) const
    {
        return begin_suspend().begin(std::forward<Token>(token));
    }

    /// Lets a suspended guest go on. A guest that crashed is not run on: Errc::wrong_state.
    void resume() const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_resume(Token&& token = Token{}) const
    {
        return begin_resume().begin(std::forward<Token>(token));
    }

    /// Removes the definition and the state of its TPM, not the disks. A domain that runs goes on as a transient one.
    void undefine(UndefineOptions options = {}) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_undefine(Token&& token = Token{}) const
    {
        return async_undefine(UndefineOptions{}, std::forward<Token>(token));
    }
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_undefine(UndefineOptions options, Token&& token = Token{}) const
    {
        return begin_undefine(options).begin(std::forward<Token>(token));
    }

    /// Asked of the emulator, not remembered.
    [[nodiscard]] auto state() const -> DomainState;
    template <detail::TokenFor<DomainState> Token = boost::asio::deferred_t>
    auto async_state(Token&& token = Token{}) const
    {
        return begin_state().begin(std::forward<Token>(token));
    }

    [[nodiscard]] auto info() const -> DomainInfo;
    template <detail::TokenFor<DomainInfo> Token = boost::asio::deferred_t>
    auto async_info(Token&& token = Token{}) const
    {
        return begin_info().begin(std::forward<Token>(token));
    }

    /// Waits until the domain does not run; false when the deadline came first.
    auto wait_until_off(std::chrono::milliseconds deadline) const -> bool;
    template <detail::TokenFor<bool> Token = boost::asio::deferred_t>
    auto async_wait_until_off(std::chrono::milliseconds deadline, Token&& token = Token{}) const
    {
        return begin_wait_until_off(deadline).begin(std::forward<Token>(token));
    }

    /// How its last run ended; nothing when it never ran, runs, or nobody knows.
    [[nodiscard]] auto last_end() const -> std::optional<DomainEnd>;

    /// The normal form, as `virsh dumpxml` prints it.
    [[nodiscard]] auto xml(DomainXml which = DomainXml::current) const -> std::string;
    /// The definition as its author wrote it, comments and all, with the choices of define in it.
    /// Errc::not_found for a transient domain.
    [[nodiscard]] auto definition() const -> std::string;
    /// Replaces the definition, if it still is `replaced`, else Errc::wrong_state: somebody else has changed it meanwhile.
    /// Name and uuid stay.
    void redefine(std::string_view text, std::string_view replaced) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_redefine(std::string text, std::string replaced, Token&& token = Token{}) const
    {
        return begin_redefine(std::move(text), std::move(replaced)).begin(std::forward<Token>(token));
    }

    /// Gives the definition, and with it whatever is kept of the domain, another name; this handle then names nothing. Only
    /// of a domain that is off, else Errc::wrong_state. Errc::already_exists where the name is taken.
    auto rename(std::string_view name) const -> Domain;
    template <detail::TokenFor<Domain> Token = boost::asio::deferred_t>
    auto async_rename(std::string name, Token&& token = Token{}) const
    {
        return begin_rename(std::move(name)).begin(std::forward<Token>(token));
    }

    /// Changes what the balloon leaves the guest, up to its memory. A guest that runs gives back, or takes, what it is told
    /// when it does; this does not wait for it.
    void set_memory(Size memory, Affects affects = Affects::current) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_set_memory(Size memory, Affects affects, Token&& token = Token{}) const
    {
        return begin_set_memory(memory, affects).begin(std::forward<Token>(token));
    }

    /// Changes the memory that the guest has; a smaller one takes what the balloon leaves down with it. Errc::wrong_state
    /// for a domain that runs.
    void set_max_memory(Size memory, Affects affects = Affects::current) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_set_max_memory(Size memory, Affects affects, Token&& token = Token{}) const
    {
        return begin_set_max_memory(memory, affects).begin(std::forward<Token>(token));
    }

    /// Changes a number of vCPUs. Those of a domain that runs are plugged and unplugged; the guest has five seconds to let
    /// one go, then it is Errc::timed_out. Once the first command is on its way it is not cancelled.
    void set_vcpus(std::uint32_t count, Affects affects = Affects::current, VcpuCount which = VcpuCount::active) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_set_vcpus(std::uint32_t count, Affects affects, VcpuCount which, Token&& token = Token{}) const
    {
        return begin_set_vcpus(count, affects, which).begin(std::forward<Token>(token));
    }

    /// A line for people; an empty one removes it.
    void set_title(std::string_view title, Affects affects = Affects::current) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_set_title(std::string title, Affects affects, Token&& token = Token{}) const
    {
        return begin_set_title(std::move(title), affects).begin(std::forward<Token>(token));
    }
    /// Any text for people; an empty one removes it.
    void set_description(std::string_view description, Affects affects = Affects::current) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_set_description(std::string description, Affects affects, Token&& token = Token{}) const
    {
        return begin_set_description(std::move(description), affects).begin(std::forward<Token>(token));
    }

    /// A program's own element in the domain, known by the namespace `uri` and written here without it. Nothing when there
    /// is none.
    [[nodiscard]] auto metadata(std::string_view uri, DomainXml which = DomainXml::current) const
        -> std::optional<std::string>;
    /// Sets it. `key` becomes the prefix of its elements that have no namespace.
    void set_metadata(std::string_view uri, std::string_view key, std::string_view element,
                      Affects affects = Affects::current) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_set_metadata(std::string uri, std::string key, std::string element, Affects affects,
                            Token&& token = Token{}) const
    {
        return begin_set_metadata(std::move(uri), std::move(key), std::move(element), affects)
            .begin(std::forward<Token>(token));
    }
    void remove_metadata(std::string_view uri, Affects affects = Affects::current) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_remove_metadata(std::string uri, Affects affects, Token&& token = Token{}) const
    {
        return begin_set_metadata(std::move(uri), {}, std::nullopt, affects).begin(std::forward<Token>(token));
    }

    /// Host::start_autostart starts it.
    [[nodiscard]] auto autostart() const -> bool;
    /// Goes with the definition; Errc::wrong_state for a transient domain.
    void set_autostart(bool on) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_set_autostart(bool on, Token&& token = Token{}) const
    {
        return begin_set_autostart(on).begin(std::forward<Token>(token));
    }

    /// Wakes a guest that sleeps.
    void wake_up() const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_wake_up(Token&& token = Token{}) const
    {
        return begin_wake_up().begin(std::forward<Token>(token));
    }

    /// Raises the interrupt that a guest cannot mask.
    void inject_nmi() const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_inject_nmi(Token&& token = Token{}) const
    {
        return begin_inject_nmi().begin(std::forward<Token>(token));
    }

    /// Presses the keys together and lets them go after `hold`, or QEMU's own tenth of a second when that is zero; returns
    /// when they are pressed. Keys are QEMU's numbers: a PC keyboard's scan codes of set 1, with 0x80 for those behind 0xe0.
    void send_keys(std::vector<std::uint32_t> keys, std::chrono::milliseconds hold = {}) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_send_keys(std::vector<std::uint32_t> keys, std::chrono::milliseconds hold, Token&& token = Token{}) const
    {
        return begin_send_keys(std::move(keys), hold).begin(std::forward<Token>(token));
    }

    /// Writes what a screen of the guest shows into a file, as PNG. The emulator writes it, so the path is absolute. Screens
    /// are counted through the heads of all its video devices; Errc::invalid_argument where there is none of that number.
    void screenshot(std::string_view file, unsigned screen = 0) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_screenshot(std::string file, unsigned screen, Token&& token = Token{}) const
    {
        return begin_screenshot(std::move(file), screen).begin(std::forward<Token>(token));
    }

    /// Writes the memory of the guest into a file, and returns when all is written; the guest stands still meanwhile. The
    /// emulator writes it, so the path is absolute. Cancelled, it goes on without us.
    void dump(std::string_view file, DumpOptions options = {}) const;
    template <detail::TokenFor<void> Token = boost::asio::deferred_t>
    auto async_dump(std::string file, DumpOptions options, Token&& token = Token{}) const
    {
        return begin_dump(std::move(file), options).begin(std::forward<Token>(token));
    }

    /// The path of the terminal that is the guest's first console or serial port, or of the one with that alias.
    [[nodiscard]] auto console(std::string_view alias = {}) const -> std::string;

    /// Sends one QMP command as JSON, `{"execute": …}`, and returns QEMU's whole answer, an error included.
    [[nodiscard]] auto qmp_command(std::string_view json) const -> std::string;
    template <detail::TokenFor<std::string> Token = boost::asio::deferred_t>
    auto async_qmp_command(std::string json, Token&& token = Token{}) const
    {
        return begin_qmp_command(std::move(json)).begin(std::forward<Token>(token));
    }
    /// What QEMU's human monitor prints.
    [[nodiscard]] auto hmp_command(std::string_view line) const -> std::string;
    template <detail::TokenFor<std::string> Token = boost::asio::deferred_t>
    auto async_hmp_command(std::string line, Token&& token = Token{}) const
    {
        return begin_hmp_command(std::move(line)).begin(std::forward<Token>(token));
    }

    /// Of the same Host and name.
    friend auto operator==(Domain const& a, Domain const& b) noexcept -> bool
    {
        return a.host_ == b.host_ && a.name_ == b.name_ && a.uuid_ == b.uuid_;
    }

private:
    [[nodiscard]] auto core() const -> detail::HostCore&;
    auto begin_start(StartOptions options) const -> detail::Operation<StartReport>;
    auto begin_shutdown(std::chrono::milliseconds deadline) const -> detail::Operation<ShutdownOutcome>;
    auto begin_reboot() const -> detail::Operation<void>;
    auto begin_reset() const -> detail::Operation<void>;
    auto begin_destroy(std::chrono::milliseconds grace) const -> detail::Operation<void>;
    auto begin_suspend() const -> detail::Operation<void>;
    auto begin_resume() const -> detail::Operation<void>;
    auto begin_undefine(UndefineOptions options) const -> detail::Operation<void>;
    auto begin_state() const -> detail::Operation<DomainState>;
    auto begin_info() const -> detail::Operation<DomainInfo>;
    auto begin_wait_until_off(std::chrono::milliseconds deadline) const -> detail::Operation<bool>;
    auto begin_redefine(std::string text, std::string replaced) const -> detail::Operation<void>;
    auto begin_rename(std::string name) const -> detail::Operation<Domain>;
    auto begin_set_memory(Size memory, Affects affects) const -> detail::Operation<void>;
    auto begin_set_max_memory(Size memory, Affects affects) const -> detail::Operation<void>;
    auto begin_set_vcpus(std::uint32_t count, Affects affects, VcpuCount which) const -> detail::Operation<void>;
    auto begin_set_title(std::string title, Affects affects) const -> detail::Operation<void>;
    auto begin_set_description(std::string description, Affects affects) const -> detail::Operation<void>;
    auto begin_set_metadata(std::string uri, std::string key, std::optional<std::string> element, Affects affects) const
        -> detail::Operation<void>;
    auto begin_set_autostart(bool on) const -> detail::Operation<void>;
    auto begin_wake_up() const -> detail::Operation<void>;
    auto begin_inject_nmi() const -> detail::Operation<void>;
    auto begin_send_keys(std::vector<std::uint32_t> keys, std::chrono::milliseconds hold) const -> detail::Operation<void>;
    auto begin_screenshot(std::string file, unsigned screen) const -> detail::Operation<void>;
    auto begin_dump(std::string file, DumpOptions options) const -> detail::Operation<void>;
    auto begin_qmp_command(std::string json) const -> detail::Operation<std::string>;
    auto begin_hmp_command(std::string line) const -> detail::Operation<std::string>;

    std::shared_ptr<detail::Lease> host_;
    std::string name_;
    Uuid uuid_{};
};

} // namespace vmwright::inline v0
