# Completion of reso for fish: reso completion fish > ~/.config/fish/completions/reso.fish
function __reso_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l token (commandline -ct)
    set -l lines (reso __complete fish $words "$token" 2>/dev/null)
    set -l kind "$lines[1]"
    set -e lines[1]
    set -l option (string match -r -- '^--[^=]*=' "$token")
    set -l path (string replace -r -- '^--[^=]*=' '' "$token")
    switch $kind
        case files
            for file in (__fish_complete_path "$path")
                echo -- "$option$file"
            end
        case folders
            for folder in (__fish_complete_directories "$path" '')
                echo -- "$option$folder"
            end
        case names words
            for line in $lines
                echo -- "$line"
            end
    end
end
complete -c reso -f -a '(__reso_complete)'
