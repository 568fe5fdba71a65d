#compdef reso
# Completion of reso for zsh. In ~/.zshrc, after compinit: eval "$(reso completion zsh)"
_reso() {
  local -a lines described files folders
  local kind line
  lines=("${(@f)$(reso __complete zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  kind=$lines[1]
  shift lines
  case $kind in
    files) compset -P '--*='; _files ;;
    folders) compset -P '--*='; _files -/ ;;
    names | words)
      for line in $lines; do
        case $line in
          *$'\t'*) described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
          */) folders+=("$line") ;;
          *) files+=("$line") ;;
        esac
      done
      (( $#described )) && _describe command described
      (( $#folders )) && compadd -S '' -a folders
      (( $#files )) && compadd -a files
      ;;
  esac
}
if [[ ${funcstack[1]-} == _reso ]]; then _reso "$@"; else compdef _reso reso; fi
