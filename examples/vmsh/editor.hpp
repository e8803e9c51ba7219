// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

/// A file of the user's text, in the folder for temporary ones; removed at the end unless it is kept.
class EditedFile
{
public:
    EditedFile(std::string_view text, std::string_view suffix);
    EditedFile(EditedFile const&) = delete;
    auto operator=(EditedFile const&) -> EditedFile& = delete;
    ~EditedFile();

    [[nodiscard]] auto path() const -> std::string const& { return path_; }
    void keep() { is_kept_ = true; }

private:
    std::string path_;
    bool is_kept_{};
};

/// Lets the user edit the file, with $VISUAL, else $EDITOR, else vi, and waits for the end of that. Refuses when the editor
/// could not be run or failed.
void run_editor(std::string const& file);
