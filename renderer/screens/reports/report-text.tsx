// summary.md as it reads. Drawn as elements: nothing in it becomes HTML, and a link in a name leads nowhere.
import Markdown from 'react-markdown'
import remarkGfm from 'remark-gfm'

export function ReportText({ markdown }: { readonly markdown: string }) {
  return (
    <article className="rp-text" aria-label="summary.md">
      <Markdown remarkPlugins={[remarkGfm]} disallowedElements={['a', 'img']} unwrapDisallowed skipHtml>
        {markdown}
      </Markdown>
    </article>
  )
}
