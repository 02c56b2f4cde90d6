import ArgumentParser

/// What a shell needs so that it asks `campaignctl complete` at each tab: the words of the line up to the cursor, and
/// back come lines of a word, a tab and what it means; `:files` asks for the names of files.
enum CompletionScript: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var text: String {
        switch self {
        case .bash:
            """
            # bash completion for campaignctl: source <(campaignctl completion bash)
            _campaignctl() {
                local word=${COMP_WORDS[COMP_CWORD]} line found
                local -a words=("${COMP_WORDS[@]:1:COMP_CWORD}")
                COMPREPLY=()
                while IFS=$'\\t' read -r line found; do
                    if [ "$line" = :files ]; then
                        compopt -o filenames 2>/dev/null
                        mapfile -t COMPREPLY < <(compgen -f -- "$word")
                        return
                    fi
                    COMPREPLY+=("$line")
                done < <(campaignctl complete -- "${words[@]}" 2>/dev/null)
            }
            complete -F _campaignctl campaignctl

            """
        case .zsh:
            """
            #compdef campaignctl
            # zsh completion for campaignctl: source <(campaignctl completion zsh), or this as _campaignctl in $fpath
            _campaignctl() {
                local -a found lines
                lines=("${(@f)$(campaignctl complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
                if [[ $lines[1] == :files ]]; then
                    _files
                    return
                fi
                local line
                for line in $lines; do
                    [[ -n $line ]] && found+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
                done
                _describe campaignctl found
            }
            if [[ $funcstack[1] == _campaignctl ]]; then _campaignctl "$@"; else compdef _campaignctl campaignctl; fi

            """
        case .fish:
            """
            # fish completion for campaignctl: campaignctl completion fish | source
            function __campaignctl_complete
                set -l words (commandline -opc) (commandline -ct)
                set -l lines (campaignctl complete -- $words[2..] 2>/dev/null)
                if test "$lines[1]" = :files
                    __fish_complete_path (commandline -ct)
                else
                    printf '%s\\n' $lines
                end
            end
            complete -c campaignctl -f -a '(__campaignctl_complete)'

            """
        }
    }
}
