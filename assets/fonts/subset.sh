#!/bin/sh
# Makes the embedded fonts again from the Debian packages
#   fonts-noto-cjk  fonts-noto-core  fonts-lxgw-wenkai  unicode-data
# and pyftsubset of the Python package fonttools. All families are under the SIL Open Font Licence 1.1;
# `--name-IDs='*'` keeps the licence text inside each file, as the licence asks.
#
# One wide font answers for rare names: Noto Serif keeps every Han character it has (the unified block, Extensions A to G).
# The others are used for titles and headings and carry GB 2312, the 8,105 characters of the Table of General Standard
# Characters (通用规范汉字表) and Latin. Noto Sans also keeps the characters of the extensions which Noto Serif lacks.
# The Latin Noto Serif has the letters of other alphabets in Latin, as in Nguyễn; without marks that stand alone, so that each
# letter is drawn as one glyph and read back as one.
set -eu
cd "$(dirname "$0")"
noto=/usr/share/fonts/opentype/noto
wenkai=/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# The list is also what the tests check the fonts against.
bzcat /usr/share/unicode/Unihan_*.txt.bz2 | awk -F'\t' '/^U/ && $2 == "kTGH" { print $1 }' | sort -u > "$work/tgh"
python3 - "$work" "$noto" <<'PY'
import sys
from fontTools.ttLib import TTCollection
work, noto = sys.argv[1:]
general = {int(line.strip()[2:], 16) for line in open(work + "/tgh")}
assert len(general) == 8105, len(general)
open("general-standard-characters.txt", "w").write("".join(map(chr, sorted(general))) + "\n")
gb2312 = {ord(bytes([a, b]).decode("gb2312")) for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)
          if not (a == 0xD7 and b > 0xF9)}
signs = [*range(0x20, 0x370), *range(0x2000, 0x2C00), *range(0x3000, 0x3400), *range(0xFE10, 0xFE50), *range(0xFF00, 0xFFF0)]
face = lambda name: TTCollection(f"{noto}/{name}.ttc", lazy=True).fonts[2].getBestCmap()
serif, sans = face("NotoSerifCJK-Regular"), face("NotoSansCJK-Regular")
han = [c for c in [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x32000)]]
put = lambda name, codes: open(f"{work}/{name}", "w").write("\n".join(f"U+{c:04X}" for c in sorted(codes)))
put("wide", {*signs, *han})
put("latin", {*range(0x100, 0x250), *range(0x1E00, 0x1F00), 0x20AB})
put("narrow", {*signs, *gb2312, *general})
put("sans", {*signs, *gb2312, *general, *(c for c in han if c in sans and c not in serif)})
PY

subset() { # FONT CHARACTERS OUTPUT [more options]
    font=$1 characters=$2 output=$3
    shift 3
    pyftsubset "$font" --unicodes-file="$work/$characters" --output-file="$output" "$@" \
        --name-IDs='*' --layout-features='' --no-hinting --desubroutinize
}
subset $noto/NotoSerifCJK-Regular.ttc wide NotoSerifCJKsc-Regular.otf --font-number=2
subset $noto/NotoSerifCJK-Bold.ttc narrow NotoSerifCJKsc-Bold.otf --font-number=2
subset $noto/NotoSansCJK-Regular.ttc sans NotoSansCJKsc-Regular.otf --font-number=2
subset /usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf latin NotoSerif-Regular.ttf
subset $wenkai narrow "$work/kai.ttf"
# "LXGW" is a Reserved Font Name: a subset is a changed font and must bear another name (OFL 1.1, condition 3).
python3 - "$work/kai.ttf" YanheKai-Regular.ttf <<'PY'
import sys
from fontTools.ttLib import TTFont
font = TTFont(sys.argv[1], recalcTimestamp=False)
names = {1: "Yanhe Kai", 2: "Regular", 3: "Yanhe Kai Regular", 4: "Yanhe Kai Regular", 6: "YanheKai-Regular"}
table = font["name"]
for record in list(table.names):
    if record.nameID in (16, 17, 21, 22) or (record.nameID in names and record.langID not in (0, 0x409)):
        table.removeNames(record.nameID, record.platformID, record.platEncID, record.langID)
    elif record.nameID in names:
        record.string = names[record.nameID]
font.save(sys.argv[2])
PY
ls -l ./*.otf ./*.ttf
