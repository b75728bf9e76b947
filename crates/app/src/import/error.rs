//! What is wrong with a whole file.

use super::Kind;

/// Why a file cannot be imported at all; the command line exits with 2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// A workbook of before 2007, or one with a password: both have the older outer format.
    #[error("the file is a workbook of Excel 97 or has a password, save it as .xlsx or .csv without one")]
    OldWorkbook,
    /// Not a workbook that can be opened.
    #[error("the workbook cannot be opened: {reason}")]
    Workbook {
        /// What the reader said.
        reason: String,
    },
    /// A picture, a document, an archive: a file that is no table at all.
    #[error("the file is no table: it is {found}, save the table as .xlsx or .csv")]
    NotATable {
        /// What its first bytes say.
        found: &'static str,
    },
    /// Neither UTF-8 nor GB18030 text.
    #[error("the file is neither a workbook nor text in UTF-8 or GB18030")]
    NotText,
    /// Two columns with the same header: which of them counts, nobody can know.
    #[error("the sheet `{sheet}` has two columns `{column}`")]
    SameColumns {
        /// The sheet.
        sheet: String,
        /// The header of both.
        column: String,
    },
    /// A cell in quotation marks that goes on over rows that follow it.
    #[error("a quotation mark is not closed from row {row} on, so that the rows after it would be lost in one cell")]
    OpenQuote {
        /// The row in which it opens.
        row: u32,
    },
    /// Text that is not CSV.
    #[error("the text cannot be read as CSV: {reason}")]
    Csv {
        /// What the reader said.
        reason: String,
    },
    /// More cells than a file of an organ has.
    #[error("the file has more than {limit} cells")]
    TooLarge {
        /// The most that is read.
        limit: usize,
    },
    /// No line is the header of this kind of file.
    #[error("no header of a file of {kind} is found: it is one line with columns such as `{}`", columns.join("` or `"))]
    NoHeader {
        /// What was expected.
        kind: Kind,
        /// The first columns of each header that would do.
        columns: Vec<String>,
    },
    /// The header has not all the columns that are needed.
    #[error(
        "the sheet `{sheet}` has no column `{}` in its header in row {row}; each column needs its full name there, or in the \
         row below where cells are joined over several columns",
        columns.join("`, `")
    )]
    MissingColumns {
        /// The sheet.
        sheet: String,
        /// The row in which the other columns were found.
        row: u32,
        /// The headers that are missing.
        columns: Vec<String>,
    },
}

impl ImportError {
    /// The reason in English.
    pub fn text_en(&self) -> String {
        self.to_string()
    }

    /// The reason in Chinese.
    pub fn text_zh(&self) -> String {
        match self {
            Self::Empty => "文件是空的".to_owned(),
            Self::OldWorkbook => "这是旧版或加密的Excel文件，请另存为不加密的.xlsx或.csv".to_owned(),
            Self::Workbook { .. } => "无法打开该工作簿，文件可能已损坏或加密".to_owned(),
            Self::NotATable { found } => format!("这不是表格文件（{found}），请把表格另存为.xlsx或.csv再上传"),
            Self::NotText => "文件既不是工作簿，也不是UTF-8或GB18030编码的文本".to_owned(),
            Self::OpenQuote { row } => {
                format!("引号没有合上，从第{row}行起：后面的行会并进同一个单元格，请补上引号再导入")
            }
            Self::Csv { .. } => "文本不符合CSV格式".to_owned(),
            Self::TooLarge { limit } => format!("文件超过{limit}个单元格"),
            Self::NoHeader { columns, .. } => {
                format!("找不到表头：表头应写在同一行，有“{}”等列", columns.join("”或者“"))
            }
            Self::SameColumns { sheet, column } => format!("工作表“{sheet}”有两列都叫“{column}”，请删去一列"),
            Self::MissingColumns { sheet, row, columns } => format!(
                "工作表“{sheet}”第{row}行的表头缺少列“{}”。每一列的全名要写在这一行；单元格合并成两行的，写在下一行",
                columns.join("”、“")
            ),
        }
    }
}
