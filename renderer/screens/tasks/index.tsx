// Tasks: the list on the left, and beside it everything that was signed under the one that is open, by plan step.
import { useEffect } from 'react'
import type { TaskFilter, TaskSort, TaskSummary } from '#core/contract/index.ts'
import { CopyMenu } from '#ui/components/copy-menu.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { FilterChips, type Chip } from '#ui/components/filter-chips.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { SearchField } from '#ui/components/search-field.tsx'
import { type SortChoice, SortMenu } from '#ui/components/sort-menu.tsx'
import { VirtualList } from '#ui/components/virtual-list.tsx'
import { When } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { navigate, useRoute } from '#ui/router.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { createTasksStore, type TaskFacets, type TasksState } from '#ui/store/tasks-store.ts'
import { TaskPage } from './task-page.tsx'
import '#ui/components/list-pane.css'
import './tasks.css'

const SORTS: readonly SortChoice<TaskSort>[] = [
  { value: 'name', label: 'Task, A to Z' },
  { value: 'name-backwards', label: 'Task, Z to A' },
]

const wholeState = (state: TasksState) => state

export function TasksScreen() {
  const { id, query } = useRoute()
  const tasks = useSteward(createTasksStore, wholeState)
  const { show, open, setFilter } = tasks
  const { lacking } = query

  useEffect(() => show(id), [id, show])
  useEffect(() => {
    if (lacking === '1') setFilter({ lacking: true })
  }, [lacking, setFilter])
  return (
    <div className="lp">
      <aside className="lp-list" aria-label="Tasks">
        <header className="lp-list-head">
          <div className="lp-list-title">
            <h1>Tasks</h1>
            <span className="muted sm num nowrap" role="status">
              {tasks.total !== null && (tasks.total === 1 ? '1 task' : `${grouped(tasks.total)} tasks`)}
            </span>
            <Why about={{ type: 'count', name: 'tasks' }} what="how tasks are counted" />
            <span className="lp-list-tools">
              <CopyMenu what="tasks" rows={() => (tasks.list.state === 'ready' ? tasks.list.items.map(rowOf) : [])} />
            </span>
          </div>
          <div className="lp-list-find">
            <SearchField label="Search in tasks" text={tasks.filter.text} onText={(text) => setFilter({ text })} />
            <SortMenu sorts={SORTS} sort={tasks.sort} onSort={tasks.setSort} />
          </div>
          <FilterChips
            chips={chipsOf(tasks.filter, valueOf(tasks.facets) ?? [])}
            onChange={(key, value) => setFilter(filterChange(key, value))}
          />
        </header>
        <div className="lp-list-rows">
          <Rows tasks={tasks} />
        </div>
      </aside>
      <div className="lp-pane" role="region" aria-label="Task" tabIndex={0}>
        {open === null ? (
          <EmptyState icon="tasks" title="No task is open">
            A task opens here with the receipts of all nodes by plan step, what is missing, and where they disagree.
          </EmptyState>
        ) : (
          <TaskPage key={open.task} task={open.task} view={open.view} onRetry={tasks.refresh} />
        )}
      </div>
    </div>
  )
}

function Rows({ tasks }: { readonly tasks: TasksState }) {
  const { list, filter, open } = tasks
  switch (list.state) {
    case 'loading':
      return <ListSkeleton rows={6} label="Loading tasks" />
    case 'failed':
      return <ProblemPanel problem={list.problem} onRetry={tasks.refresh} compact />
    case 'ready':
      if (list.items.length === 0) {
        return Object.values(filter).some((part) => part !== undefined) ? (
          <EmptyState icon="filter" title="No task fits these filters" />
        ) : (
          <EmptyState icon="tasks" title="No tasks yet">
            A task appears when somebody signs a receipt that names one, or imports a node directory with plans.
          </EmptyState>
        )
      }
      return (
        <VirtualList
          label="Tasks"
          place={JSON.stringify([tasks.sort, filter])}
          items={list.items}
          keyOf={(item) => item.task}
          rowHeightPx={78}
          activeKey={open?.task ?? null}
          onActive={(item) => navigate('tasks', item.task)}
          onOpen={(item) => navigate('tasks', item.task)}
          onEscape={() => navigate('tasks')}
          more={list.more}
          onMore={tasks.loadMore}
          onShown={tasks.shown}
          renderRow={(item) => <Row item={item} />}
        />
      )
  }
}

function Row({ item }: { readonly item: TaskSummary }) {
  const { steps } = item
  return (
    <div className="lp-row">
      <div className="lp-row-head">
        <span className="lp-row-name ellipsis" title={item.task}>
          <DataText text={item.title ?? item.task} limit={160} />
        </span>
        <span className="lp-row-age">{item.newest !== null && <When at={item.newest} short />}</span>
      </div>
      <div className={item.title === null ? 'sm faint tk-row-id' : 'sm muted ellipsis mono tk-row-id'}>
        {item.title === null ? 'no plan was read' : <DataText text={item.task} limit={160} />}
      </div>
      <div className="tk-row-line sm num">
        {steps.total > 0 && (
          <span className={steps.done === steps.total ? 'green' : 'muted'}>
            {steps.done} of {steps.total} done
          </span>
        )}
        {steps.lacking > 0 && <span className="amber">{steps.lacking} lack receipts</span>}
        {item.openConflicts > 0 && (
          <span className="amber">{item.openConflicts === 1 ? '1 conflict' : `${item.openConflicts} conflicts`}</span>
        )}
        {steps.total === 0 && (
          <span className="faint">{item.receipts === 1 ? '1 receipt' : `${grouped(item.receipts)} receipts`}</span>
        )}
      </div>
    </div>
  )
}

const SHOWN_FACTS = ['status', 'batch', 'item', 'ocers_target', 'risk_score', 'actor', 'generated', 'note']

function chipsOf(filter: TaskFilter, facets: TaskFacets): readonly Chip[] {
  const offered = facets.filter(({ key }) => SHOWN_FACTS.includes(key) || filter.fact?.key === key)
  return [
    { id: 'lacking', label: 'Lacks receipts', value: filter.lacking === true ? 'on' : null },
    ...offered.map(({ key, values }) => ({
      id: `fact ${key}`,
      label: factLabel(key),
      value: filter.fact?.key === key ? filter.fact.text : null,
      options: values.map((value) => ({ value, label: value.slice(0, 60) })),
    })),
  ]
}

/** "Risk score" of `risk_score`: plans name their facts in their own way, chips begin with a capital. */
function factLabel(key: string): string {
  const words = key.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function filterChange(id: string, value: string | null): Partial<TaskFilter> {
  if (id === 'lacking') return { lacking: value === null ? undefined : true }
  return { fact: value === null ? undefined : { key: id.slice('fact '.length), text: value } }
}

function rowOf({ task, title, receipts, steps, openConflicts, newest }: TaskSummary) {
  return { task, title, receipts, steps: steps.total, done: steps.done, lacking: steps.lacking, openConflicts, newest }
}
