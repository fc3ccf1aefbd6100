/**
 * What a shell runs to complete a line of `foothold`: each hands its words to `foothold complete` as arguments of their own, so
 * that no text of the line is run, and gets a candidate a line, a tab and its description; `:files` asks for files too.
 */
export const completionScripts = {
  // COMP_WORDS are as they were typed; bash 3.2 has no compopt, so that files stand in where there is no candidate.
  bash: `_foothold() {
  local line value
  COMPREPLY=()
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    [[ $value == "$line" ]] && continue
    [[ \${COMP_WORDS[COMP_CWORD]} == [\\"\\']* ]] || printf -v value %q "$value"
    COMPREPLY+=("$value")
  done < <("$1" complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _foothold foothold
`,
  zsh: `#compdef foothold
_foothold() {
  local line files value
  local -a found
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1; continue; fi
    value=\${line%%$'\\t'*}
    found+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
  done < <("$words[1]" complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#found )) && _describe -t values foothold found
  [[ -z $files ]] || _files
}
if [[ $funcstack[1] == _foothold ]]; then _foothold "$@"; else compdef _foothold foothold; fi
`,
  fish: `function __foothold_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] complete fish -- $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c foothold -f -a '(__foothold_complete)'
`,
} as const;

export type Shell = keyof typeof completionScripts;
