# Completion of reso for bash 4.4 and later. In ~/.bashrc: eval "$(reso completion bash)"
_reso() {
  local lines=()
  COMPREPLY=()
  mapfile -t lines < <(reso __complete bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  case ${lines[0]-} in
    files) compopt -o default ;;
    folders) compopt -o dirnames ;;
    names | words)
      COMPREPLY=("${lines[@]:1}")
      COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
      # bash finishes a quote that somebody has begun, but by itself would leave a dollar sign unquoted.
      if [[ ${COMP_WORDS[COMP_CWORD]} == [\'\"]* ]]; then
        compopt -o filenames
      elif ((${#COMPREPLY[@]} > 0)); then
        mapfile -t COMPREPLY < <(printf '%q\n' "${COMPREPLY[@]}")
      fi
      # After a folder, there is more to come.
      [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != */ ]] || compopt -o nospace
      ;;
  esac
}
complete -F _reso reso
